"""Forms as data: every one readable, every slip named by file and line (issue 3 point 4)."""

from __future__ import annotations

import pytest

from guanjia.rulebooks.book import RulebookError, read
from guanjia.rulebooks.books import duties
from guanjia.rulebooks.form_book import FormsBook, covering, form, forms_book
from guanjia.tickets.categories import categories
from guanjia.tickets.kinds import Kind, Klass


def test_what_a_bad_answer_opens_is_a_ticket_we_know():
    """PAT-01: a finding opens a ticket of a kind, class and category that exist."""
    for key, entry in forms_book().forms.items():
        for name, item in entry.items.items():
            if item.opens:
                assert item.opens.category in categories(), f"{key}.{name}"
                assert item.opens.kind in Kind.values and item.opens.klass in ("", *Klass.values), f"{key}.{name}"


def test_every_duty_has_its_form():
    """The form a duty names stands in forms.yaml."""
    missing = {duty.form for _book, duty in duties().values()} - set(forms_book().forms)
    assert not missing


def test_a_patrol_has_its_seven_headings():
    """PAT-01: staff, order, cleaning, greening, engineering, decoration, public equipment."""
    items = [name for name, item in form("patrol").items.items() if item.kind == "check"]
    assert items == ["staff", "order", "cleaning", "greening", "engineering", "decoration", "equipment"]
    assert "patrol" in covering()


def test_six_people_are_asked_in_the_morning():
    """PAT-02: captain, squad leader, repairer, cleaning-greening leader, call centre, hall."""
    members = form("enquiry_0930").items["asked"].members
    assert members and list(members.choices) == ["captain", "squad", "repairer", "leader", "call", "hall"]


def test_a_vacant_house_is_looked_at_by_the_list():
    """VAC-02: doors, windows, water, electricity, gas, leakage, cracks; each defect is engineering's at once (VAC-04)."""
    items = {name: item for name, item in form("vacant_unit_check").items.items() if item.kind == "check"}
    assert list(items) == ["doors", "windows", "water", "power", "gas", "leakage", "cracks"]
    assert all(item.opens and item.opens.urgent for item in items.values())


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{title: x, kind: guess}", "forms.yaml:4"),
        ("{title: x, kind: choice}", "a choice has choices"),
        ("{title: x, kind: choice, choices: {a: A}, bad: [b]}", "none of its choices"),
        ("{title: x, kind: members}", "either `members` or `members_of`"),
        ("{title: x, kind: score}", "full mark"),
        ("{title: x, kind: text, opens: {kind: repair, category: leak, words: x}}", "nothing can be bad"),
        ("{title: x, kind: text, colour: red}", "items.one.colour"),
    ],
)
def test_a_slip_is_named_by_file_and_line(tmp_path, item, said):
    (tmp_path / "forms.yaml").write_text(f"forms:\n  f:\n    title: 表\n    items: {{one: {item}}}\n")
    with pytest.raises(RulebookError) as slip:
        read("forms.yaml", FormsBook, folder=tmp_path)
    assert said in str(slip.value) and "forms.yaml:4" in str(slip.value)


def test_numbers_have_bounds_of_good(tmp_path):
    """`low` and `high` make a number a finding; `least` and `most` are what is taken at all."""
    (tmp_path / "forms.yaml").write_text(
        "forms: {f: {title: 表, items: {t: {title: 温度, kind: number, low: 5, high: 40}}}}\n"
    )
    item = read("forms.yaml", FormsBook, folder=tmp_path).forms["f"].items["t"]
    assert [item.is_bad(value) for value in (4, 5, 40, 41, None)] == [True, False, False, True, False]
