"""Estates beside each other: places, what is too little to rank, the workbook (issue 6 line 9, RPT rows; INC-09)."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from guanjia.estates.models import Estate
from guanjia.households.models import Household
from guanjia.incentives.book import book
from guanjia.incentives.company import is_few, ranked
from guanjia.incentives.models import Figure
from guanjia.incentives.reading import Score
from guanjia.tenancy.scope import estate_scope

from .conftest import MARCH

shares = st.lists(st.none() | st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=8)


@given(shares, st.sampled_from(["satisfaction", "complaints", "inspected"]))
@settings(max_examples=60)
def test_places_follow_the_value_and_nothing_small_is_ranked(found, key):
    """Equal values share a place, the best has 1; few cases or none have no place; nobody is lost."""
    rows = [(Estate(pk=n, name=f"E{n}"), {} if one is None else {key: Score(key, Decimal(one[0]), Decimal(one[1]), Decimal(90))}) for n, one in enumerate(found)]
    standing = ranked(rows, key)
    assert sorted(row.estate.pk for row in standing) == list(range(len(rows)))
    placed = [row for row in standing if row.place]
    assert standing[: len(placed)] == placed
    for row in standing:
        score = row.scores.get(key)
        assert bool(row.place) == (score is not None and score.whole > 0 and not is_few(score))
    sign = 1 if key == "complaints" else -1
    for one in placed:
        mine = one.scores[key]
        better = sum(sign * other.scores[key].part * mine.whole < sign * mine.part * other.scores[key].whole for other in placed)
        assert one.place == better + 1


@pytest.fixture
def three(cast):
    """The company's own estate and two more: few answers at one, better and worse."""
    made = {"sunny": cast.sunny}
    for code in ("north", "south"):
        made[code] = Estate.objects.create(company=cast.company, code=code, name={"north": "北苑", "south": "南苑"}[code])
    for code, part, whole in (("sunny", 80, 100), ("north", 58, 60), ("south", 9, 9)):
        with estate_scope(made[code]):
            Figure.objects.create(estate=made[code], month=MARCH, indicator="satisfaction", level="estate", version=1, part=part, whole=whole)
    return made


def test_the_page_ranks_and_the_workbook_says_why(cast, client, ding, three):
    client.force_login(cast.ding)
    text = client.get("/e/sunny/scores/company/?month=2026-03&by=satisfaction").content.decode()
    assert text.index("北苑") < text.index(cast.sunny.name + "</a><small>") < text.rindex("南苑")
    assert f"{Household.objects.filter(occupancies__isnull=False).distinct().count()} 户" in text
    assert "样本少" in text and str(book().least) in text
    answer = client.get("/e/sunny/scores/company/?month=2026-03&xlsx=1")
    workbook = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue()))
    rows = workbook.get_sheet_by_index(1).to_python()
    assert [(row[1], row[3], row[4], row[10]) for row in rows[1:]] == [("北苑", 1, 96.6, ""), (cast.sunny.name, 2, 80, ""), ("南苑", "", 100, "是")]
    client.force_login(cast.ming)
    assert client.get("/e/sunny/scores/company/?xlsx=1").status_code == 404
