"""创优: the title of a model estate that a year's campaign aims at, and whether it was won (QLT-59)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime

YEARS = 3  # award.year1 … award.year3; who goes on longer keeps the third


def aim_of(estate: Any, year: int, at: datetime) -> str:
    """The level aimed at: the n-th year of campaigns at an estate has the n-th aim in force."""
    from .campaign import Campaign

    before = Campaign.objects.at_estate(estate).filter(year__lt=year).count()
    return str(parameter(estate, f"award.year{min(before + 1, YEARS)}", at))[:60]


class Winning(models.Model):
    """An ability of the campaign. `aim` stands from its beginning; `won_words` says who gave the title and by which document."""

    aim = models.CharField(max_length=60, blank=True)
    won_on = models.DateField(null=True)
    won_words = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def aim_title(self) -> str:
        """In the reader's language where it is one of the sources' three levels; a company's own stays as it was written."""
        known = {"县（市）级": _("县（市）级"), "省级": _("省级"), "国家级": _("国家级")}
        return known.get(self.aim, self.aim)

    @verb
    def win(self: Any, on: date, words: str, *, by: Any, at: datetime | None = None) -> None:
        """The title was given, on that day, by that document. Once; also after the campaign has ended, for titles are given later."""
        at = at or clock.now()
        by.must("quality.plan")
        if not words.strip():
            raise Refused(_("请写由谁授予、文号或证书编号。"), code="words_missing")
        if on > clock.today(self.estate, at) or on < clock.today(self.estate, self.begun_at):
            raise Refused(_("授予日期应在活动启动以后、今天以前。"), code="bad_day")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, won_on__isnull=True)
        if not self.aim or not rows.update(won_on=on, won_words=words.strip()[:200]):
            raise Refused(_("创优结果已经登记过了。"), code="already_won")
        self.won_on, self.won_words = on, words.strip()[:200]
        self.tell(Action.CAMPAIGN_WON, by=by, at=at, aim=self.aim, day=f"{on:%F}", words=self.won_words)
