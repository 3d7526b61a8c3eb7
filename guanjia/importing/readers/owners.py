"""业主信息: a row is a person; the same 业主编号 makes a household (HSE-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..cells import chosen, code, whole, words
from ..persons import born, identity, phone

if TYPE_CHECKING:
    from ..stage import Stage
    from .base import Known, View

KIND = chosen({
    "1001": "owner", "1002": "family", "1003": "tenant", "1004": "temporary", "业主": "owner", "户主": "owner", "产权人": "owner",
    "家庭成员": "family", "家属": "family", "家人": "family", "租客": "tenant", "租户": "tenant", "承租人": "tenant", "临时人员": "temporary",
    "临时": "temporary", "配偶": "family", "子女": "family", "父母": "family", "本人": "owner",
}, gettext_lazy("业主类型只能填 1001 业主、1002 家庭成员、1003 租户、1004 临时人员。"))  # fmt: skip
SEX = chosen({"男": "M", "女": "F", "m": "M", "f": "F", "male": "M", "female": "F", "0": "M", "1": "F", "男性": "M", "女性": "F"}, gettext_lazy("性别只能填 男 或 女。"))  # fmt: skip


def read(view: View, known: Known, stage: Stage) -> None:
    number = view.take("number", code, must=True) or ""
    name = view.take("name", words(60), must=True) or ""
    household = view.take("household", code, must=True) or ""
    if household == "0":
        view.refuse("household", _("业主编号不能为 0。"))
    kind = view.take("kind", KIND) or "owner"
    sex = view.take("sex", SEX, keep=True)
    age = view.take("age", whole(130), keep=True)
    telephone = view.take("phone", phone, keep=True)
    paper = view.take("identity", identity, keep=True)
    view.once(known, "number", "person", number)
    if not view.good(known, "person", number):
        if household not in known.households:
            known.lost_households.add(household)
        return
    known.households.add(household)
    stage.person(
        number=number, household=household, name=name, kind=kind, sex=sex, phone=telephone, identity=paper,
        born=born(paper) if paper else None, guessed=known.today.year - age if age is not None else None,
    )  # fmt: skip
