"""费用设置: what is charged, by which formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..cells import CellError, chosen, code, number, text, whole, words
from ..dates import day

if TYPE_CHECKING:
    from ..stage import Stage
    from .base import Known, View

FORMULA = chosen({
    "1001": "1001", "2002": "2002", "面积*单价+附加费": "1001", "面积×单价+附加费": "1001", "面积*单价": "1001", "固定费用": "2002", "固定": "2002",
}, gettext_lazy("计算公式只能填 1001（面积×单价＋附加费）或 2002（固定费用）。"))  # fmt: skip


def bill_day(value: Any) -> int:
    """每月1日 → 1; the last day where the month is shorter."""
    got = text(value)
    found = re.search(r"(\d{1,2})\s*[日号]?$", got)
    if not got:
        return 1
    if not found or not 1 <= int(found[1]) <= 31:
        raise CellError(_("看不懂出账日，请写成 每月1日 的样子。"))
    return int(found[1])


def read(view: View, known: Known, stage: Stage) -> None:
    key = view.take("number", code, must=True) or ""
    name = view.take("name", words(60), must=True)
    values: dict[str, Any] = {
        "category": view.take("category", words(40)), "flag": view.take("flag", words(40)), "mode": view.take("mode", words(20)),
        "period": view.take("period", whole(120, 1)), "bill": view.take("bill", bill_day) if "bill" in view.values else None,
        "starts": view.take("starts", day), "ends": view.take("ends", day), "formula": view.take("formula", FORMULA),
        "price": view.take("price", number(4, 1_000_000)), "fixed": view.take("fixed", number(2, 100_000_000)),
    }  # fmt: skip
    if values["starts"] and values["ends"] and values["ends"] < values["starts"]:
        view.refuse("ends", _("结束时间早于起始时间，请核对。"))
    formula, price, fixed = values["formula"], values["price"], values["fixed"]
    if not formula:  # as the amounts say; nothing said leaves a known fee as it is
        values["formula"] = "1001" if price else "2002" if fixed or key not in known.fees else None
    if formula == "1001" and not price and not any(name == "price" for name, *_rest in view.problems):
        view.refuse("price", _("按面积计费需要单价，请填写。"))
    view.once(known, "number", "fee", key)
    if view.good(known, "fee", key):
        known.fees.add(key)
        stage.put("fee", key, name, *values.values())
