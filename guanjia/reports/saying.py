"""The words of the proof: statuses, engines, nouns."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guanjia.events.actions import Action
from guanjia.people.roles import title_of as title_of_role
from guanjia.quality.campaign_book import campaign_book
from guanjia.quality.rubric_book import rubrics_book
from guanjia.rulebooks.limits import title_of

from .evidence import CLOCK, EVENT, TASK, Part
from .proofs import known_proof

TONES = {"kept": "good", "breached": "bad", "not_due": "mute", "no_evidence": "soon", "not_adopted": "mute"}


def status_words() -> dict[str, str]:
    return {
        "kept": _("遵守"), "breached": _("违反"), "not_due": _("未到期"), "no_evidence": _("无证据"), "not_adopted": _("未采用"),
    }  # fmt: skip


def part_words(part: Part, titles: dict[str, str]) -> str:
    """What an engine is called; `titles` are those of duties."""
    if part.kind == TASK:
        return _(titles.get(part.key, part.key))
    if part.kind == CLOCK:
        return title_of(part.key)
    if part.kind == EVENT:
        return event_words(part.key)
    if part.key.startswith("post_held:"):
        return _("有人担任%(role)s") % {"role": title_of_role(part.key.partition(":")[2])}
    one = known_proof(part.key)
    if said := quality_proof(part.key):
        return said
    return _(one.title) if one else part.key


def event_words(action: str) -> str:
    """ticket.passed_on as words, without its gaps."""
    if action not in Action.values:
        return action
    import re

    return re.sub(r"\{\w+\}", "", str(Action(action).label)).strip("：·，《》 ") or action


def kind_words() -> dict[str, str]:
    return {"task": _("任务"), "clock": _("时限"), "event": _("事件"), "proof": _("核查")}




def translated(words: str) -> str:
    """Kept words in the reader's language; nothing stays nothing."""
    return _(words) if words else ""


def quality_proof(key: str) -> str:
    """The proofs that are one a step, phase or item are put together in the reader's language."""
    sort, _colon, name = key.partition(":")
    if sort == "campaign_step" and name in campaign_book().steps:
        return _("“%(what)s”按时完成") % {"what": _(campaign_book().steps[name].title)}
    if sort == "campaign_phase" and name in campaign_book().phases:
        return _("“%(what)s”阶段的任务按时交") % {"what": _(campaign_book().phases[name].title)}
    items = {key: item for rubric in rubrics_book().rubrics.values() for key, item in rubric.items.items()}
    return _("“%(what)s”检查合格") % {"what": _(items[name].title)} if sort == "item_scored" and name in items else ""
