"""Figures of surveys, satisfaction and opinions for the reports that fill themselves (COM-27 … COM-31, QLT-57)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from guanjia.surveys.board import counted, source_words
from guanjia.surveys.book import surveys_book
from guanjia.surveys.models import Opinion, Poll
from guanjia.surveys.results import results

from .figures import _figure, figures, percent

if TYPE_CHECKING:
    from .figures import Figure, Of


@figures("survey")
def _survey(of: Of) -> list[Figure]:
    """Every round that was closed within the period."""
    rows = Poll.objects.at_estate(of.estate).filter(closed_at__isnull=False, ends_on__gte=of.begins, ends_on__lt=of.ends).select_related("version", "estate")
    found = []
    for poll in rows.order_by("ends_on"):
        told = results(poll)
        found.append(_figure(f"poll_{poll.pk}", poll.title, f"{told.answered} / {told.asked}", _("份"), _("回收率 %(n)s%%") % {"n": f"{told.rate:.1f}"}))
        for line in told.lines:
            if line.measured and line.measured.value is not None:
                one = line.measured
                within = f"95% {one.low:.1f}–{one.high:.1f}" if one.low is not None and one.high is not None else ""
                found.append(_figure(f"poll_{poll.pk}_{line.name}", line.question.title, f"{one.value:.1f}", "%" if one.way == "share" else _("分"), f"{one.words} {within}".strip()))
    return found


@figures("satisfaction")
def _satisfaction(of: Of) -> list[Figure]:
    """The indicators over the months of the period, source by source."""
    told = counted(of.estate, of.begins.replace(day=1), (of.ends - timedelta(days=1)).replace(day=1))
    found = []
    for key, entry in surveys_book().indicators.items():
        sums: dict[str, Any] = {source: [sum(pair[n] for pair in told.get((key, source), {}).values()) for n in (0, 1)] for source in entry.sources}
        part, whole = (sum(pair[n] for pair in sums.values()) for n in (0, 1))
        note = "；".join(f"{source_words(source)} {pair[0]} / {pair[1]}" for source, pair in sums.items())
        found.append(_figure(f"indicator_{key}", entry.title, percent(part, whole), "", note))
    return found


@figures("opinions")
def _opinions(of: Of) -> list[Figure]:
    rows = Opinion.objects.at_estate(of.estate).filter(at__gte=of.named["begins"], at__lt=of.named["ends"])
    rows = rows.filter(zone_id=of.zone) if of.zone else rows
    total = rows.aggregate(n=Count("pk"), settled=Count("pk", filter=Q(settled_at__isnull=False)))
    found = [_figure("opinions", _("收到意见"), total["n"], _("条")), _figure("opinions_settled", _("已答复"), total["settled"], _("条"), percent(total["settled"], total["n"]))]
    labels = dict(Opinion.Outcome.choices)
    for row in rows.exclude(outcome="").values("outcome").annotate(n=Count("pk")).order_by("-n"):
        found.append(_figure(f"opinions_{row['outcome']}", labels[row["outcome"]], row["n"], _("条")))
    topics = surveys_book().topics
    for about in rows.values("topic").annotate(n=Count("pk")).order_by("-n", "topic")[:5]:
        title = topics[about["topic"]].title if about["topic"] in topics else about["topic"]
        found.append(_figure(f"about_{about['topic']}", title, about["n"], _("条"), _("意见最多的方面")))
    return found
