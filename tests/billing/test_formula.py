"""The language of prices: what SQL says is what exact decimals say; a mistake names its character."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.billing.formula import FormulaError, evaluate, explain, names_in, parse, to_sql

TIERS = [(Decimal(180), Decimal("0.52")), (Decimal(280), Decimal("0.62")), (None, Decimal("0.83"))]
VALUES = {
    "area": Decimal("89.50"),
    "price": Decimal("2.65"),
    "fixed": Decimal(8),
    "usage": Decimal(300),
    "level": Decimal(3),
}


def worked(text, **more):
    return evaluate(parse(text), {**VALUES, **more}, TIERS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("面积 × 单价 ＋ 固定金额", "245.1750"), ("area*price+fixed", "245.1750"), ("阶梯(用量)", "172.20"), ("如果(楼层 > 2，面积×0.35，0)", "31.3250"),
        ("最大（面积，100）× 单价", "265.00"), ("round(area / 3, 2)", "29.83"), ("-(1 - 3) * 2", "4"), ("10 - 2 - 3", "5"), ("share(area)", "1"), ("舍去(2.9)+进一(2.1)", "5"),
    ],
)  # fmt: skip
def test_formulas_work_out(text, expected):
    """FEE-02: per m², fixed, tiers, lift by floor; Chinese and English alike."""
    assert worked(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("面积 × 单阶", 5, "不认识“单阶”"), ("面积 ×", 4, "应是数字"), ("面积 单价", 3, "多了"), ("(面积 + 1", 7, "应是“)”"), ("min(1)", 0, "2 到 8 项"), ("面积 > 2", 3, "比较只能"),
        ("如果(面积, 1, 2)", 5, "要是比较"), ("__import__", 0, "不认识"), ("面积; 1", 2, "不认识符号"), ("round(1, 9)", 9, "0 到 4"), ("", 0, "应是数字"), ("占比(占比(面积))", 0, "套在自己"),
        ("(" * 30 + "1" + ")" * 30, 20, "太深"), ("1" * 301, 300, "太长"), ("1" * 16, 0, "数字太长"), ("-" * 200 + "1", None, "太深"),
    ],
)  # fmt: skip
def test_a_bad_formula_says_where(text, position, words):
    """Validated on save with a clear error at the character (issue 5, proof: bad formulas)."""
    with pytest.raises(FormulaError, match="第") as slip:
        parse(text)
    assert words in str(slip.value)
    assert position is None or slip.value.position == position


def test_a_formula_explains_itself():
    tree = parse("(面积 - 10) × 单价 + 固定金额")
    assert explain(tree, VALUES) == "（89.5 － 10） × 2.65 ＋ 8" and names_in(tree) == {"area", "price", "fixed"}


numbers = st.integers(0, 9999).map(str) | st.decimals(0, 999, places=2).map(str)
leaves = numbers | st.sampled_from(["面积", "price", "用量", "楼层"])
formulas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/×"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["min", "最大"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        inner.map(lambda t: f"round({t}, 2)"), inner.map(lambda t: f"tiers({t})" if "tiers" not in t else t), inner.map(lambda t: f"-{t}"),
        st.tuples(inner, st.sampled_from(["<", ">=", "<>"]), inner, inner).map(lambda t: f"if({t[0]} {t[1]} {t[2]}, {t[3]}, {t[0]})"),
    ),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(formula=formulas, area=st.decimals(0, 500, places=2), usage=st.decimals(0, 999, places=3))
def test_sql_and_decimals_agree(db, formula, area, usage):
    """Any formula, any home: PostgreSQL and Python come to the same, to six places."""
    tree = parse(formula) if len(formula) <= 300 else parse("1")
    values = {"area": area, "price": Decimal("2.65"), "usage": usage, "level": Decimal(3)}
    columns = {name: f"{value:f}::numeric" for name, value in values.items()}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {to_sql(tree, columns, TIERS)}")
        [said] = cursor.fetchone()
    expected = evaluate(tree, values, TIERS)
    assert (said is None) == (expected is None)
    if said is not None:
        assert abs(said - expected) <= Decimal("0.000001") * max(1, abs(expected))
