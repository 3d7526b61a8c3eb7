"""The words of the proof: statuses, engines, nouns."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guanjia.events.actions import Action
from guanjia.people.roles import title_of as title_of_role
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
