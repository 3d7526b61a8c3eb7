"""An empty estate to import into, beside the cast's."""

from __future__ import annotations

import pytest

from guanjia import clock
from guanjia.estates.models import Company, Estate
from guanjia.importing.importer import import_workbook
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY


@pytest.fixture
def bare(db):
    """An estate with nothing in it, in scope, on a Tuesday."""
    company = Company.objects.create(code="bare", name="新物业")
    estate = Estate.objects.create(company=company, code="bare", name="新小区")
    with clock.at(TUESDAY), estate_scope(estate):
        yield estate


@pytest.fixture
def send(bare, tmp_path):
    """`send(books.five, owners=[…])` makes a workbook and imports it; answers the outcome, `send.path` is the file."""

    def sent(make, *records, dry=False, **sheets):
        sent.path = make(tmp_path / "sent.xlsx", *records, **sheets)
        return import_workbook(sent.path, bare, dry=dry)

    return sent


def numbers(outcome, what="created"):
    """{"unit": 3, …} without the noughts."""
    return {noun: count for noun, count in outcome.as_json()[what].items() if count}


def reasons(outcome):
    """{(sheet, row, column), …} of everything that was not taken."""
    return {(refusal.sheet, refusal.row, refusal.column) for refusal in outcome.log.refusals}
