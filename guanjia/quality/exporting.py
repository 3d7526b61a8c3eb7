"""Inspections, rectifications, proposals and campaigns as workbooks and on paper."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.events.sentences import listed
from guanjia.tenancy.workbooks import book_of

from .models.inspection import COVERT
from .paper import Paper, Table, printed
from .rubrics import spelled, turned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import Assessment, Campaign, Inspection


def state_of(row: Inspection) -> str:
    if row.called_off_at:
        return _("已取消")
    if row.finished_at:
        return _("已完成")
    return _("进行中") if row.began_at else _("已安排")


def inspection_list(rows: Iterable[Inspection]) -> IO[bytes]:
    heads = [_("日期"), _("名称"), _("方式"), _("范围"), _("检查人"), _("状态"), _("得分"), _("检查结论")]
    cells = [
        [f"{row.planned_on:%F}", row.title, row.way, row.zone.name if row.zone else _("整个小区"), people(row), state_of(row), points(row, ""), row.conclusion]
        for row in rows
    ]
    return book_of([(_("检查记录"), heads, cells)])


def points(row: Inspection, none: str = "—") -> str:
    """Its score; nought is a score."""
    return none if row.score is None else str(row.score)


def people(row: Inspection) -> str:
    return listed(person.name for person in (row.inspector, row.companion) if person)


def _item_heads() -> list[str]:
    return [_("编号"), _("评分项"), _("满分"), _("扣分"), _("得分"), _("扣分原因")]


def _item_rows(part: dict[str, Any]) -> list[list[str]]:
    rows = []
    for item in part["rows"]:
        now = item["now"]
        why = "；".join(f"{turned(lack.title)}：{lack.words}（−{spelled(lack.amount)}）" for lack in now.deductions.all()) if now else ""
        score = _("不适用") if now and now.na else spelled(now.score) if now else "—"
        deducted = spelled(now.deducted) if now and now.deducted and not now.na else ""
        rows.append([item["key"], item["name"], item["points"], deducted, score, now.na_words if now and now.na else why])
    return rows


def inspection_sheet(row: Inspection, sheets: list[dict[str, Any]]) -> IO[bytes]:
    pages = [(part["name"], _item_heads(), _item_rows(part)) for part in sheets]
    if row.by_samples:
        pages = [(row.way, [_("对象"), _("得分"), _("不足")], [[one.who, str(one.score), one.words] for one in row.samples.order_by("pk")])]
    pages.append((_("结果"), [_("第几版"), _("得分"), _("日期"), _("原因")], [[str(one.number), str(one.score), f"{_here(row, one.at)}", one.why] for one in row.results.order_by("number")]))
    return book_of(pages)


def inspection_pdf(row: Inspection, sheets: list[dict[str, Any]]) -> bytes:
    facts = [[_("方式"), row.way], [_("范围"), row.zone.name if row.zone else _("整个小区")], [_("检查人"), people(row)], [_("得分"), points(row)]]
    tables = [Table(part["name"], _item_heads(), [2, 4, 2, 2, 2, 10], _item_rows(part)) for part in sheets]
    if row.by_samples:
        rows = [[one.who, str(one.score), one.words] for one in row.samples.order_by("pk")]
        tables = [Table(row.way, [_("对象"), _("得分"), _("不足")], [4, 2, 10], rows)]
    paper = Paper(row.title, f"{row.planned_on:%F} · {state_of(row)}", facts, tables, [[_("检查结论"), row.conclusion]], [[_("检查人"), people(row)], [_("被检查方"), ""]])
    return printed(paper, row.estate)


def fix_list(rows: Iterable[Any], today: Any) -> IO[bytes]:
    heads = [_("问题"), _("责任人"), _("完成时间"), _("第几轮"), _("状态"), _("提出人"), _("报事单")]
    cells = [
        [row.words, row.responsible.name, f"{row.due_on:%F}", str(row.round), fix_state(row, today), row.asked_by.name, row.ticket.number if row.ticket else ""]
        for row in rows
    ]
    return book_of([(_("整改清单"), heads, cells)])


def fix_state(row: Any, today: Any) -> str:
    if row.closed_at:
        return _("已关闭")
    if row.now and row.now.done_at:
        return _("等复查")
    return _("已过期") if row.due_on < today else _("整改中")


def payout_rows(row: Assessment) -> list[list[str]]:
    return [[one.person.name if one.person else _("团队"), one.post, one.get_kind_display(), f"{one.amount:.2f}"] for one in row.payouts.order_by("pk").select_related("person")]


def _parts(row: Assessment) -> list[list[str]]:
    return [
        [turned(part["title"]), f"{part['weight']}%", part["score"], "；".join(f"{one['title']} {one['score']}" for one in part["inspections"])] for part in row.parts
    ]


def assessment_sheet(row: Assessment) -> IO[bytes]:
    return book_of([
        (_("综合考评"), [_("方式"), _("权重"), _("得分"), _("检查")], [*_parts(row), [_("综合"), "100%", str(row.score), row.grade_title]]),
        (_("奖惩建议"), [_("姓名"), _("岗位"), _("类别"), _("金额（元）")], payout_rows(row)),
    ])  # fmt: skip


def assessment_pdf(row: Assessment, caution: str) -> bytes:
    facts = [[_("综合得分"), str(row.score)], [_("分档用"), str(row.counted)], [_("档次"), row.grade_title]]
    tables = [
        Table(_("怎样算的"), [_("方式"), _("权重"), _("得分"), _("检查")], [4, 2, 2, 8], _parts(row)),
        Table(_("奖惩建议"), [_("姓名"), _("岗位"), _("类别"), _("金额（元）")], [4, 5, 4, 3], payout_rows(row)),
    ]
    state = _("等待审批") if not row.decided_at else _("已同意") if row.granted else _("没有同意")
    decided = f"{row.decided_by.name} {_here(row, row.decided_at)}" if row.decided_by else ""
    return printed(Paper(row.title, state, facts, tables, [[_("请注意"), caution]], [[_("编制"), row.made_by.name], [_("审批"), decided]]), row.estate)


def _step_rows(campaign: Campaign) -> list[list[str]]:
    rows = []
    for step in campaign.steps.order_by("due_on", "pk").select_related("responsible", "campaign").prefetch_related("evidence"):
        shown = "；".join(one.title for one in step.evidence.all())
        rows.append([step.title, step.responsible.name, f"{step.due_on:%F}", f"{_here(campaign, step.done_at)}" if step.done_at else _("没有交"), shown])
    return rows


def _issue_rows(campaign: Campaign, today: Any, issues: list[Any]) -> list[list[str]]:
    return [[row.words, row.responsible.name, f"{row.due_on:%F}", str(row.round), fix_state(row, today)] for row in issues]


def _known(campaign: Campaign) -> Iterable[Inspection]:
    """A file is passed on: an unannounced one is in none until it is opened, whoever asks for it."""
    rows: Iterable[Inspection] = campaign.inspections.exclude(COVERT).order_by("pk")
    return rows


def award_words(campaign: Campaign) -> str:
    """Whether the year's title was won, by which document (QLT-59)."""
    return f"{campaign.won_on:%F} {campaign.won_words}" if campaign.won_on else _("还没有评上")


def campaign_heads() -> tuple[list[str], list[str]]:
    return [_("任务"), _("责任人"), _("截止"), _("完成"), _("资料")], [_("问题"), _("责任人"), _("完成时间"), _("第几轮"), _("状态")]


def campaign_sheet(campaign: Campaign, today: Any, issues: list[Any]) -> IO[bytes]:
    steps, fixes = campaign_heads()
    inspections = [[row.title, row.way, points(row)] for row in _known(campaign)]
    return book_of([
        (_("任务"), steps, _step_rows(campaign)), (_("整改清单"), fixes, _issue_rows(campaign, today, issues)),
        (_("检查验收"), [_("名称"), _("方式"), _("得分")], inspections), (_("总结"), [_("总结"), _("创优目标"), _("结果")], [[campaign.summary, campaign.aim_title, award_words(campaign)]]),
    ])  # fmt: skip


def campaign_pdf(campaign: Campaign, today: Any, issues: list[Any]) -> bytes:
    steps, fixes = campaign_heads()
    done = campaign.steps.filter(done_at__isnull=False).count()
    closed = sum(1 for row in issues if row.closed_at)
    facts = [[_("任务完成"), f"{done} / {campaign.steps.count()}"], [_("整改关闭"), f"{closed} / {len(issues)}"]]
    facts += [[_("创优目标"), f"{campaign.aim_title} {award_words(campaign)}"]] if campaign.aim else []
    facts += [[row.way, f"{row.title} {points(row)}"] for row in _known(campaign)]
    tables = [Table(_("任务"), steps, [5, 3, 3, 4, 7], _step_rows(campaign)), Table(_("整改清单"), fixes, [9, 3, 3, 2, 3], _issue_rows(campaign, today, issues))]
    span = f"{campaign.phases[0]['since']} – {campaign.phases[-1]['until']}"
    return printed(Paper(campaign.title, span, facts, tables, [[_("总结"), campaign.summary]], [[_("编制"), campaign.begun_by.name], [_("审阅"), ""]]), campaign.estate)


def _here(row: Any, at: Any) -> str:
    return f"{at.astimezone(ZoneInfo(row.estate.time_zone)):%Y-%m-%d %H:%M}"
