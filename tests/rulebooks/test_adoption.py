"""Adopting a book from a date, per company or estate, retiring and going back (issue 3 §1, §2; decision 8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia.rulebooks.adoption import Adoption
from guanjia.rulebooks.models import OwnBook, Parameter
from guanjia.rulebooks.own import books_of
from guanjia.rulebooks.parameters import entry_of, forget, parameter
from guanjia.tenancy.errors import Refused
from tests.cast import TUESDAY

DAY = timedelta(days=1)
SITE = {
    "title": "门岗",
    "title_en": "Gate",
    "text": "门岗有人。",
    "text_en": "Somebody is at the gate.",
    "kind": "rule",
    "source": ["自拟"],
}
OWN = {
    "code": "own",
    "title": "本公司制度",
    "title_en": "Our own",
    "source": "own",
    "about": "自拟",
    "clauses": {"OWN-01": SITE, "OWN-02": SITE | {"sites": ["hotel"]}},
}


@pytest.fixture(autouse=True)
def _remember_nothing():
    forget()
    yield
    forget()


def put(cast, key, value, at=TUESDAY, **where):
    return Parameter.objects.set(key, value, by=None, reason="试行", at=at, **(where or {"estate": cast.sunny}))


def clause(estate, key, at=TUESDAY):
    return next(each for each in Adoption(estate, at).clauses() if each.id == key)


def test_nothing_is_adopted_by_itself_and_all_of_a_book_is_by_one_word(cast):
    """Issue 3 §1: a company adopts a book from a date; the estate may say otherwise; a clause is retired by itself."""
    one = clause(cast.sunny, "REQ-04")
    assert not Adoption(cast.sunny, TUESDAY).adopts(one)
    put(cast, "book.plan.adopted", True, company=cast.company)
    assert Adoption(cast.sunny, TUESDAY).adopts(one) and not Adoption(cast.sunny, TUESDAY - DAY).adopts(one)
    put(cast, "clause.REQ-04.on", False, at=TUESDAY + DAY)
    assert not Adoption(cast.sunny, TUESDAY + DAY).adopts(one)
    assert Adoption(cast.sunny, TUESDAY + 3 * DAY).spans(one, TUESDAY - DAY) == [(TUESDAY, TUESDAY + DAY)]
    put(cast, "book.plan.adopted", False, at=TUESDAY + 2 * DAY)
    assert not Adoption(cast.sunny, TUESDAY + 2 * DAY).adopts(clause(cast.sunny, "REQ-05"))


def test_an_own_book_stands_beside_and_in_place_of_the_houses(cast):
    """Issue 3 §1: a company's own file, in force from a date, for this company alone; sites are minded."""
    OwnBook.objects.bring_in(OWN, company=cast.company, by=None, reason="自拟", at=TUESDAY, valid_from=TUESDAY + DAY)
    assert "own" not in books_of(cast.company.pk, TUESDAY) and "own" in books_of(cast.company.pk, TUESDAY + DAY)
    assert "own" not in books_of(cast.lake.company_id, TUESDAY + DAY)
    put(cast, "book.own.adopted", True, at=TUESDAY + DAY)
    later = Adoption(cast.sunny, TUESDAY + DAY)
    assert later.adopts(clause(cast.sunny, "OWN-01", TUESDAY + DAY)) and not later.adopts(
        clause(cast.sunny, "OWN-02", TUESDAY + DAY)
    )
    with pytest.raises(Refused):
        OwnBook.objects.bring_in(OWN, company=cast.company, by=None, reason=" ", at=TUESDAY)
    with pytest.raises(Refused):
        OwnBook.objects.bring_in(OWN, company=cast.company, by=None, reason="x", at=TUESDAY, valid_from=TUESDAY - DAY)


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [("duty.hse_core_care.closes", "18:00", "25:00"), ("duty.hse_core_care.role", "steward", "pope"), ("duty.hse_core_care.cadence", "FREQ=WEEKLY;BYDAY=MO", "FREQ=DAYLY"),
     ("duty.hse_core_care.cadence", "", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), ("duty.hse_core_care.cadence", "COUNT_PER_DAY=3", "FREQ=MONTHLY;TIMES=$no.such_figure"),
     ("duty.hse_core_care.opens", "24:00", "7:00"), ("duty.hse_core_care.on", False, "no"),
     ("clause.REQ-04.on", False, 3), ("book.plan.adopted", True, "yes"), ("estate.buildings", 12, -1)],
)  # fmt: skip
def test_what_may_be_set_of_a_book(cast, key, good, bad):
    """Decision 8: a key of a book takes what it means and nothing else; an unknown one is refused."""
    put(cast, key, good)
    assert parameter(cast.sunny, key, TUESDAY) == good
    with pytest.raises(Refused):
        put(cast, key, bad)
    for unknown in ("duty.hse_core_care.colour", "duty.none.on", "clause.NO-1.on", "book.none.adopted"):
        with pytest.raises(KeyError):
            entry_of(unknown)


def test_a_number_of_an_own_book_is_a_decimal_and_never_a_float(cast):
    """Money and rates of a company's own figures are written "0.05", as those of the house (values.py)."""
    figure = {"title": "系数", "title_en": "Rate", "rows": ["OWN-01"], "source": ["自拟"], "type": "number", "default": "0.05"}
    times = figure | {"type": "times", "default": "06:00"}
    OwnBook.objects.bring_in(OWN | {"figures": {"own.rate": figure, "own.times": times}}, company=cast.company, by=None, reason="自拟", at=TUESDAY)
    assert parameter(cast.sunny, "own.rate", TUESDAY) == "0.05"
    for good in ("0.06", 3):
        put(cast, "own.rate", good)
    for key, bad in (("own.rate", 0.06), ("own.rate", "often"), ("own.rate", True), ("own.rate", "NaN"), ("own.times", "6 o'clock")):
        with pytest.raises(Refused):
            put(cast, key, bad)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    says=st.lists(
        st.tuples(
            st.sampled_from(["book.plan.adopted", "clause.REQ-04.on"]), st.booleans(), st.booleans(), st.integers(0, 9)
        ),
        max_size=8,
    )
)
def test_a_later_word_never_rewrites_the_past(cast, says):
    """Property: whatever is set from day n on, the spans before day n stay as they were."""
    Parameter.objects.all().delete()
    forget()
    start, before = TUESDAY, []
    for key, value, own, day in sorted(says, key=lambda each: each[3]):
        instant = start + day * DAY
        one = clause(cast.sunny, "REQ-04", instant)
        before.append((instant, Adoption(cast.sunny, instant).spans(one, start)))
        put(cast, key, value, at=instant, **({} if own else {"company": cast.company}))
        for asked, said in before:
            cut = [(a, min(b, asked)) for a, b in Adoption(cast.sunny, start + 10 * DAY).spans(one, start) if a < asked]
            assert cut == said
            assert Adoption(cast.sunny, asked).spans(one, start) == said
