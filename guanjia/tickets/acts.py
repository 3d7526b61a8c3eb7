"""What can be done to a ticket or a work order, as one table: pages offer from it, addresses are made of it.

An act is a noun one POSTs to (`…/classification/`). Whether it is *offered* depends on stage and permission; whether it
is *allowed* the verb alone decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from . import forms, work_forms
from .kinds import BEFORE_DONE, OPEN, WORK_OPEN, Channel, Kind, Stage, WorkStage

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Act:
    noun: str
    label: Any
    icon: str
    form: type[forms.ActForm]
    do: Callable[[Any, Any, dict[str, Any]], Any]  # (row, by, cleaned data)
    permission: str = ""
    stages: tuple[str, ...] = ()
    when: Callable[[Any, Any], bool] = lambda row, by: True
    photos: str = ""  # the moment its photos belong to
    next: bool = False  # the next thing to do at these stages, offered first
    tone: str = ""


LIVE = (Stage.CLASSIFIED, Stage.DISPATCHED, Stage.HANDLING)
AFTER = (Stage.DONE, Stage.FED_BACK)


def _group(row: Any, _by: Any) -> bool:
    return row.channel == Channel.GROUP


def _complaint(row: Any, _by: Any) -> bool:
    return row.kind == Kind.COMPLAINT


TICKET_ACTS = [
    Act("classification", _("分类"), "tags", forms.ClassifyForm, lambda t, by, d: t.classify(by=by, **d), "ticket.classify", BEFORE_DONE),
    Act("dispatch", _("派单"), "send", forms.DispatchForm, lambda t, by, d: t.dispatch(by=by, **d), "ticket.dispatch", LIVE),
    Act("group-reply", _("群内回应"), "message-circle", forms.WordsForm, lambda t, by, d: t.reply_in_group(d["words"], by=by), "ticket.progress", OPEN, _group),
    Act("group-feedback", _("群内反馈"), "messages-square", forms.WordsForm, lambda t, by, d: t.feed_back_in_group(d["words"], by=by), "ticket.progress", OPEN, _group),
    Act("plan", _("答复方案"), "lightbulb", forms.WordsForm, lambda t, by, d: t.reply_plan(d["words"], by=by), "ticket.progress", BEFORE_DONE, lambda t, by: t.klass == "suggestion"),
    Act("progress", _("告知进度"), "message-square", forms.WordsForm, lambda t, by, d: t.progress(d["words"], by=by), "ticket.progress", OPEN),
    Act("completion", _("处理完成"), "check", forms.WordsForm, lambda t, by, d: t.complete(d["words"], by=by), "ticket.done", LIVE),
    Act("confirmation", _("电话确认"), "phone", forms.ConfirmForm, lambda t, by, d: t.confirm(by=by, **d), "ticket.confirm", AFTER),
    Act("follow-up", _("线上回访"), "message-square-heart", forms.EmptyForm, lambda t, by, d: t.follow_up(by=by), "ticket.confirm", AFTER, lambda t, by: t.followed_up_at is None),
    Act("archive", _("归档"), "archive", forms.EmptyForm, lambda t, by, d: t.archive(by=by), "ticket.archive", (Stage.FED_BACK,), lambda t, by: not t.lacks),
    Act("verdict", _("判定有效无效"), "scale", forms.JudgeForm, lambda t, by, d: t.judge(by=by, **d), "ticket.verdict", OPEN, lambda t, by: _complaint(t, by) and not t.verdict),
    Act("measure", _("纠正措施"), "shield-check", forms.MeasureForm, lambda t, by, d: t.correct(d["words"], by=by), "ticket.progress", OPEN, _complaint),
    Act("signature", _("客户签字"), "signature", forms.SignForm, lambda t, by, d: t.sign(d["signature"], d["signer"], by=by), "ticket.confirm", AFTER, lambda t, by: _complaint(t, by) and not t.anonymous),
    Act("compensation", _("登记补偿"), "coins", forms.CompensateForm, lambda t, by, d: t.compensate(d["amount"], d["why"], by=by), "ticket.compensate", (*OPEN, Stage.ARCHIVED)),
    Act("hold", _("暂停"), "pause", forms.WhyForm, lambda t, by, d: t.hold(d["why"], by=by), "ticket.hold", LIVE, lambda t, by: not t.held),
    Act("resumption", _("恢复"), "play", forms.EmptyForm, lambda t, by, d: t.resume(by=by), "ticket.hold", LIVE, lambda t, by: t.held),
    Act("note", _("内部备注"), "sticky-note", forms.WordsForm, lambda t, by, d: t.note(d["words"], by=by), "ticket.file", tuple(Stage.values)),
    Act("merger", _("合并"), "merge", forms.MergeForm, lambda t, by, d: t.merge_into(d["target"], by=by), "ticket.merge", BEFORE_DONE),
    Act("incident", _("设为区域事件"), "siren", forms.IncidentForm, lambda t, by, d: t.open_incident(d["title"], by=by), "incident.open", BEFORE_DONE, lambda t, by: not t.incident_id),
    Act("joining", _("归入区域事件"), "git-merge", forms.JoinForm, lambda t, by, d: t.join(d["incident"], by=by), "ticket.merge", BEFORE_DONE, lambda t, by: not t.incident_id),
    Act("passing", _("转交其他单位"), "corner-up-right", forms.PassOnForm, lambda t, by, d: t.pass_on(d["to"], by=by, words=d["words"]), "ticket.pass_on", OPEN),
    Act("steward", _("转给其他管家"), "user-round-cog", forms.StewardForm, lambda t, by, d: t.hand_to(d["steward"], d["why"], by=by), "ticket.dispatch", OPEN),
    Act("reopening", _("重新打开"), "rotate-ccw", forms.WhyForm, lambda t, by, d: t.reopen(d["why"], by=by), "ticket.classify", (*AFTER, Stage.ARCHIVED, Stage.CANCELLED)),
    Act("cancellation", _("撤销"), "x", forms.WhyForm, lambda t, by, d: t.cancel(d["why"], by=by), "ticket.cancel", BEFORE_DONE, tone="danger"),
]  # fmt: skip

# What stands first, by stage: the next thing to do is the biggest thing on the screen.
NEXT = {
    Stage.RECEIVED: "classification",
    Stage.CLASSIFIED: "dispatch",
    Stage.DISPATCHED: "progress",
    Stage.HANDLING: "progress",
    Stage.DONE: "confirmation",
    Stage.FED_BACK: "archive",
}


def _mine(work: Any, by: Any) -> bool:
    return bool(work.worker_id == by.person_id)


def _not_mine(work: Any, by: Any) -> bool:
    return bool(work.worker_id != by.person_id)


def _arrive(work: Any, by: Any, data: dict[str, Any]) -> None:
    work.arrive(by=by, proof=data["proof"] or "word", mark=data["mark"], latitude=data["latitude"], longitude=data["longitude"])


WORK_ACTS = [
    Act("taking", _("接单"), "hand", forms.EmptyForm, lambda w, by, d: w.take(by=by), "work.take", (WorkStage.OFFERED,), _mine, next=True),
    Act("arrival", _("到场签到"), "map-pin-check", work_forms.ArriveForm, _arrive, "work.act", (WorkStage.OFFERED, WorkStage.TAKEN), _mine, photos="before", next=True),
    Act("finish", _("完工"), "circle-check-big", work_forms.FinishForm, lambda w, by, d: w.finish(d["words"], by=by), "work.act", (WorkStage.ARRIVED,), _mine, photos="after", next=True),
    Act("resumption", _("恢复作业"), "play", forms.EmptyForm, lambda w, by, d: w.resume(by=by), "work.act", (WorkStage.PAUSED,), _mine, next=True),
    Act("material", _("材料"), "package", work_forms.MaterialForm, lambda w, by, d: w.use(by=by, **d), "work.act", WORK_OPEN, _mine),
    Act("pause", _("暂停"), "pause", forms.WhyForm, lambda w, by, d: w.pause(d["why"], by=by), "work.act", (WorkStage.TAKEN, WorkStage.ARRIVED), _mine),
    Act("help", _("求助"), "life-buoy", work_forms.HelpForm, lambda w, by, d: w.ask_help(d["route"], d["why"], by=by), "work.act", WORK_OPEN, _mine),
    Act("handover", _("转单"), "arrow-left-right", work_forms.HandOverForm, lambda w, by, d: w.hand_over(d["worker"], d["why"], by=by), "", WORK_OPEN, lambda w, by: _mine(w, by) or by.may("ticket.dispatch")),
    Act("refusal", _("拒单"), "octagon-alert", work_forms.RefuseForm, lambda w, by, d: w.refuse(d["ground"], d["why"], by=by), "work.act", (WorkStage.OFFERED, WorkStage.TAKEN, WorkStage.ARRIVED), _mine, tone="danger"),
    Act("objection", _("事后提异议"), "message-square-warning", forms.WhyForm, lambda w, by, d: w.object(d["why"], by=by), "work.act", (WorkStage.FINISHED,), _mine),
    Act("helper", _("安排协助"), "user-plus", work_forms.HelperForm, lambda w, by, d: w.send_help(d["helper"], by=by), "ticket.dispatch", WORK_OPEN, _not_mine),
    Act("refusal-verdict", _("裁定拒单"), "gavel", work_forms.RefusalJudgeForm, lambda w, by, d: w.judge_refusal(d["upheld"], d["why"], by=by), "work.verdict", (WorkStage.REFUSED,), lambda w, by: _not_mine(w, by) and w.ended_at is None),
    Act("withdrawal", _("撤回派单"), "undo-2", forms.WhyForm, lambda w, by, d: w.withdraw(d["why"], by=by), "ticket.dispatch", WORK_OPEN, _not_mine, tone="danger"),
]  # fmt: skip


def offered(acts: list[Act], row: Any, by: Any) -> list[Act]:
    """The acts to offer a person about a row, in the table's order."""
    return [
        act for act in acts if row.stage in act.stages and (not act.permission or by.may(act.permission)) and act.when(row, by)
    ]


def next_act(row: Any, acts: list[Act]) -> Act | None:
    """The one to show big: by the row's stage for tickets, by the table for work orders."""
    wanted = NEXT.get(row.stage)
    if wanted == "archive":
        wanted = row.lacks or (wanted if row.followed_up_at else "follow-up")
    return next((act for act in acts if act.next or act.noun == wanted), None)
