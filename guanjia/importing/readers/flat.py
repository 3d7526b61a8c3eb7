"""The one-sheet register: a row is a unit with its owners; buildings and staircases follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from ..cells import code, text
from ..persons import born, identity, names, phones
from .buildings import lift
from .owners import SEX
from .rooms import take_home

if TYPE_CHECKING:
    from ..stage import Stage
    from .base import Known, View


def identities(value: Any) -> list[str]:
    """Several identity numbers in one cell."""
    parts = (
        [value]
        if isinstance(value, float)
        else text(value).replace("、", ",").replace("/", ",").replace(";", ",").split(",")
    )
    return [identity(part) for part in parts]


def read(view: View, known: Known, stage: Stage) -> None:
    home = take_home(view)
    owners = view.take("owner", names, keep=True) or []
    telephones = view.take("phone", phones, keep=True) or []
    papers = view.take("identity", identities, keep=True) or []
    sex = view.take("sex", SEX, keep=True)
    household = view.take("household", code, keep=True) or None
    has_lift = view.take("lift", lift, keep=True)
    if not owners and (telephones or any(papers)):
        view.refuse("owner", _("有电话或证件号但没有业主名称，请补上姓名。"), keep=True)
    view.once(known, "room", "unit", home.code)
    if not view.good(known, "unit", home.code):
        return
    _derive(known, stage, home, has_lift)
    stage.unit(home, None)
    for rank, name in enumerate(owners):
        paper = papers[rank] if rank < len(papers) else ""
        stage.flat_person(
            row=len(known.seen), rank=rank, code=home.code, household=None if household == "0" else household, name=name,
            phone=_nth(telephones, rank, len(owners)), identity=paper, sex=sex if len(owners) == 1 else None,
            kind="family" if rank else "owner", born=born(paper) if paper else None,
        )  # fmt: skip


def _nth(telephones: list[str], rank: int, owners: int) -> str:
    """Numbers go with names one by one; of several numbers of one owner the first is kept."""
    return telephones[rank] if rank < len(telephones) and (rank == 0 or len(telephones) <= owners) else ""


def _derive(known: Known, stage: Stage, home: Any, has_lift: bool | None) -> None:
    """Note the building and the staircase; the stage gets them at the end, with the highest floor seen."""
    floor = home.floor or 0
    stage.derived_buildings[home.building] = max(stage.derived_buildings.get(home.building, 0), floor)
    if home.entrance != "0":
        top, lift_before = stage.derived_entrances.get((home.building, home.entrance), (0, None))
        stage.derived_entrances[home.building, home.entrance] = (
            max(top, floor),
            lift_before if has_lift is None else has_lift,
        )
