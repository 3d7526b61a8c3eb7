"""Chinese work-days as a table: public holidays and the Saturdays and Sundays that make up for them (调休)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models

from guanjia.tenancy.models import CompanyWide

if TYPE_CHECKING:
    from collections.abc import Iterable

SEEDED = range(2024, 2028)  # 2027 is provisional until the State Council's notice of November 2026


class CalendarDay(CompanyWide):
    """A date that is worked though it is a week-end, or rested though it is not. Without a company: for everybody."""

    company = models.ForeignKey("estates.Company", models.CASCADE, null=True, blank=True, related_name="calendar_days")
    day = models.DateField()
    works = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["company", "day"], name="calendarday_once", nulls_distinct=False)]

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.works else '休'} {self.name}"


def chinese_days(years: Iterable[int]) -> dict[date, tuple[bool, str]]:
    """Every date that differs from the plain week: date → (worked, name), from the `holidays` package."""
    import holidays

    nation = holidays.country_holidays("CN", years=list(years), language="zh_CN")
    found = {}
    for year in years:
        day = date(year, 1, 1)
        while day.year == year:
            works = nation.is_working_day(day)
            if works != (day.weekday() < 5):
                found[day] = (works, str(nation.get(day) or ("调休" if works else "")))
            day += timedelta(days=1)
    return found


def seed_days(model: Any = CalendarDay, years: Iterable[int] = SEEDED) -> int:
    """Write the nation's days that are not in the table yet; what somebody edited stays. Returns how many were missing."""
    known = set(model.objects.filter(company__isnull=True).values_list("day", flat=True))
    rows = [
        model(day=day, works=works, name=name[:60]) for day, (works, name) in chinese_days(years).items() if day not in known
    ]
    model.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
