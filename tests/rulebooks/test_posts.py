"""The book of post duties (003): whose each duty is, where it belongs, and what of the source is not built."""

import re

import pytest

from guanjia.estates.models import SiteType
from guanjia.people.roles import Role, fallbacks, roles
from guanjia.rulebooks.books import books
from guanjia.rulebooks.cadence import parse
from guanjia.rulebooks.filling import fill, fill_window
from guanjia.rulebooks.windows import check

BOOK = books()["posts"]
CHINESE = re.compile("[\u4e00-\u9fff]")


def figure(key):
    """The sort, default and unit of a figure of any book, as `fill` asks for it."""
    entry = next(book.figures[key] for book in books().values() if key in book.figures)
    return entry.type, entry.default, entry.unit


def test_every_clause_is_said_in_both_languages():
    """EST-05 … OTH-02: a short Chinese title and a sentence of ours; the English without Chinese."""
    for key, clause in BOOK.clauses.items():
        assert 0 < len(clause.title) <= 14, key
        assert CHINESE.search(clause.text), key
        assert clause.title_en and clause.text_en and not CHINESE.search(clause.title_en + clause.text_en), key


@pytest.mark.parametrize("key", sorted(BOOK.duties))
def test_every_duty_is_somebodys(key):
    """§2: the post is known, and where nobody holds it the work ends with a post the code names."""
    role = BOOK.duties[key].role
    assert role in roles()
    assert (role, *fallbacks(role))[-1] == Role.MANAGER


@pytest.mark.parametrize("key", sorted(BOOK.duties))
def test_every_cadence_runs_with_its_figures(key):
    """§4: what is written with `$` becomes a cadence and a window that go together."""
    duty = BOOK.duties[key]
    said = fill(duty.waits.suggest if duty.waits else duty.cadence, figure)
    check(parse(said), fill_window(duty.window, figure))


def test_the_figures_of_the_source_move_its_duties():
    """PAT-03, CLN-17, STF-36: one patrol a day, the 25th, fifteen minutes early."""
    assert fill(BOOK.duties["pat_ovs_daily"].cadence, figure) == "FREQ=DAILY;COUNT_PER_DAY=1"
    assert fill(BOOK.duties["cln_stock_25"].cadence, figure) == "FREQ=MONTHLY;BYMONTHDAY=25"
    assert fill_window(BOOK.duties["stf_clock_in"].window, figure).early.total_seconds() == 15 * 60


def test_every_figure_is_read_or_says_why_not():
    """§6: what is used by a duty is named in its cadence or window."""
    for key, entry in BOOK.figures.items():
        assert bool(entry.used_by) != bool(entry.register_only), key
        for use in entry.used_by:
            sort, _, name = use.partition(":")
            if sort == "duty":
                duty = BOOK.duties[name]
                assert f"${key}" in f"{duty.cadence} {duty.window.early} {duty.window.within} {duty.window.days}", key


def test_clauses_of_one_kind_of_site_name_it():
    """EST-07: hotel, sales office, tower and company town have clauses of their own."""
    named = {site for clause in BOOK.clauses.values() for site in clause.sites}
    assert named == {SiteType.HOTEL, SiteType.SALES_OFFICE, SiteType.TOWER, SiteType.COMPANY_TOWN}


def test_what_is_unlawful_makes_no_task():
    """STF-28, STF-29, STF-62, HTL-17, FEE-18: age, looks, pregnancy, cutting off water: said, and not built."""
    unlawful = {key for key, clause in BOOK.clauses.items() if clause.unlawful}
    assert {"STF-28", "STF-29", "STF-35", "STF-62", "HTL-17", "FEE-18"} <= unlawful
    for key, duty in BOOK.duties.items():
        if set(duty.rows) <= unlawful:
            assert duty.register_only, key


def test_a_duty_without_tasks_says_why():
    """Kept by another engine, or waiting for a later issue."""
    kept = {key: duty.kept_by for key, duty in BOOK.duties.items() if duty.kept_by}
    assert kept == {
        "req_complaint_review": "ticket:complaints_confirmed",
        "req_order_revisit": "ticket:revisited",
        "ast_meter": "billing:meter_readings",
        "fee_monthly_calc": "billing:monthly_bills",
    }
    assert {key for key, duty in BOOK.duties.items() if duty.register_only} == {"vas_health_check"}
