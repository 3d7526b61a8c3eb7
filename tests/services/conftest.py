"""An order of 梅女士's for a repair indoors, and a supplier that may be ordered."""

from datetime import date

import pytest

from guanjia.services.book import services_book
from guanjia.services.models import ServiceOrder, Supplier

GOOD = dict.fromkeys(services_book().vetting, "ok")


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def repair(cast):
    return ServiceOrder.objects.place(cast.home, cast.meis, "indoor_repair", words="厨房水槽下水慢", details={"part": "水"}, by=cast.as_("mei"))


@pytest.fixture
def cleaners(cast):
    """Looked at, under contract this year."""
    row = Supplier.objects.register(cast.sunny, "洁好家政", "19900000111", ["housekeeping", "chores"], by=cast.as_("he"))
    row.vet(GOOD, "走访两家客户，试做合格", by=cast.as_("he"))
    row.contract(date(2026, 1, 1), date(2026, 12, 31), by=cast.as_("he"))
    return row
