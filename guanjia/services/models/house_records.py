"""What stands in a house file: equipment by class, repairs, reports (VAS-14)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey

from ..book import services_book


class HouseItem(EstateOwned):
    """户内设备."""

    noun = "house_item"
    file = EstateForeignKey("services.HouseFile", models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12)  # of house_items in services.yaml
    name = models.CharField(max_length=60)
    brand = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=40, blank=True)
    installed_on = models.DateField(null=True)
    warranty_until = models.DateField(null=True)  # its last day

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        entry = services_book().house_items.get(self.kind)
        return _(entry.title) if entry else self.kind


class HouseRepair(EstateOwned):
    """维修记录."""

    noun = "house_repair"
    item = EstateForeignKey(HouseItem, models.CASCADE, related_name="repairs")
    on = models.DateField()
    words = models.CharField(max_length=200)
    order = EstateForeignKey("services.ServiceOrder", models.RESTRICT, null=True, related_name="+")
    ticket = EstateForeignKey("tickets.Ticket", models.RESTRICT, null=True, related_name="+")
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "order"], name="house_repair_order"),
            models.UniqueConstraint(fields=["estate", "ticket"], name="house_repair_ticket"),
        ]

    def __str__(self) -> str:
        return self.words[:40]


class HouseReport(EstateOwned):
    noun = "house_report"
    file = EstateForeignKey("services.HouseFile", models.CASCADE, related_name="reports")
    record = EstateForeignKey("duties.Record", models.RESTRICT, related_name="+")
    document = EstateForeignKey("households.HouseholdDocument", models.RESTRICT, related_name="+")
    advice = models.CharField(max_length=500)
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "record"], name="house_report_once")]

    def __str__(self) -> str:
        return f"{self.at:%F}"
