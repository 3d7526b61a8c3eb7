"""The five sources as rulebooks: everything of the tables is there, resolves, and either runs or is named as not running.

The ids are those of the requirement tables (tests/data/requirement_ids.yaml); what nothing runs for stands by name in
tests/data/register_only.yaml, so that an addition shows in review.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from guanjia.events.actions import Action
from guanjia.people.roles import roles
from guanjia.reports.proofs import proofs
from guanjia.rulebooks.book import RulebookError, read
from guanjia.rulebooks.books import BOOKS, Rulebook, books, clauses, conflicts_book, duties
from guanjia.rulebooks.cadence import parse
from guanjia.rulebooks.filling import fill
from guanjia.rulebooks.form_book import forms_book
from guanjia.rulebooks.parameters import entry_of
from guanjia.rulebooks.schema import limits_book, parameters_book, switches_book

DATA = Path(__file__).parents[1] / "data"
IDS = yaml.safe_load((DATA / "requirement_ids.yaml").read_text(encoding="utf-8"))
SITES = {"residential", "tower", "sales_office", "hotel", "company_town"}
ENGINES = {"clock", "report", "billing", "ticket", "event", "proof", "duty"}


def test_every_id_of_the_tables_is_in_a_book():
    """607 clauses, 239 duties, 45 limits, 167 figures, 78 conflicts; none missing, none invented."""
    found = {
        noun: [key for book in books().values() for key in getattr(book, noun)]
        for noun in ("clauses", "duties", "limits", "figures")
    }
    found["conflicts"] = list(conflicts_book().conflicts)
    assert set(IDS["added"]) <= set(found["duties"])
    found["duties"] = [key for key in found["duties"] if key not in IDS["added"]]
    assert {noun: len(ids) for noun, ids in found.items()} == {
        "clauses": 607,
        "duties": 239,
        "limits": 45,
        "figures": 167,
        "conflicts": 78,
    }
    for noun, ids in found.items():
        assert set(ids) == set(IDS[noun]), noun


def test_what_does_not_run_is_named():
    """A duty, limit, figure or switch without an engine stands in register_only.yaml by name."""
    found = {
        "duties": [key for key, (_book, duty) in duties().items() if duty.register_only],
        "limits": [key for book in books().values() for key, keepers in book.limits.items() if not keepers],
        "figures": [key for book in books().values() for key, figure in book.figures.items() if figure.register_only],
        "switches": [key for key, switch in switches_book().parameters.items() if switch.register_only],
    }
    named = yaml.safe_load((DATA / "register_only.yaml").read_text(encoding="utf-8"))
    assert {noun: sorted(keys) for noun, keys in found.items()} == {
        noun: sorted(keys or []) for noun, keys in named.items()
    }


@pytest.mark.parametrize("key", IDS["duties"] + IDS["added"])
def test_a_duty_can_run(key):
    """Its cadence parses, its role and form exist, what keeps it is an engine; a company's own (PARAM, IRREGULAR) has a suggestion."""
    book, duty = duties()[key]
    parse(fill(duty.waits.suggest if duty.waits else duty.cadence, book.usual))
    assert duty.role in roles() and duty.form in forms_book().forms
    engine, _colon, what = duty.kept_by.partition(":")
    assert not engine or engine in ENGINES, duty.kept_by
    assert engine != "clock" or what in limits_book().limits
    assert set(duty.rows) <= set(IDS["clauses"])


def test_a_limit_row_is_kept_by_something_that_exists():
    """REQ-04 … COM-13: each row of the SLA table names limits or duties."""
    known = set(limits_book().limits) | {f"duty:{key}" for key in duties()} | {f"proof:{name}" for name in proofs()}
    for book in books().values():
        for key, keepers in book.limits.items():
            assert set(keepers) <= known, key
    followed = {
        f"limits.yaml {limit.follows}"
        for limit in limits_book().limits.values()
        if limit.follows and limit.follows not in IDS["figures"]
    }
    assert not followed


@pytest.mark.parametrize("key", IDS["figures"])
def test_a_figure_says_truly_who_reads_it(key):
    """A figure is a setting; what it claims to move names it, and what names it is claimed."""
    figure = next(book.figures[key] for book in books().values() if key in book.figures)
    assert key in parameters_book().parameters and bool(figure.used_by) != bool(figure.register_only)
    moved = {f"duty:{name}" for name, (_book, duty) in duties().items() if key in duty.keys}
    moved |= {f"limit:{name}" for name, limit in limits_book().limits.items() if limit.follows == key}
    assert {used for used in figure.used_by if used.startswith(("duty:", "limit:"))} == moved


def test_a_clause_is_whole():
    """Each clause is named and told in both languages; its sites, events and money rules make sense."""
    actions = {action.value for action in Action}
    for key, (_book, clause) in clauses().items():
        assert clause.title and len(clause.title) <= 20 and clause.title_en and clause.text and clause.text_en, key
        assert set(clause.sites) <= SITES and set(clause.events) <= actions, key


def test_every_proof_is_described():
    """A clause's proof is a name that docs/proofs.md explains; of several each, or all in one row."""
    told = (Path(__file__).parents[2] / "docs" / "proofs.md").read_text(encoding="utf-8")
    assert not {
        name.strip()
        for _book, clause in clauses().values()
        if clause.proof and f"{clause.proof} |" not in told
        for name in clause.proof.split(",")
        if not any(row in told for row in (f"| {name.strip()} |", f"| {name.strip().partition(':')[0]}:<"))
    }


@pytest.mark.django_db
@pytest.mark.parametrize("key", IDS["conflicts"])
def test_a_conflict_is_an_explicit_choice(key):
    """CF-01 … CF-78: at least two readings in both languages, one chosen, why; a parameter holds it where a company may choose."""
    conflict = conflicts_book().conflicts[key]
    assert len(conflict.variants) >= 2 and conflict.title and conflict.why and conflict.why_en
    assert set(conflict.variants_en) == set(conflict.variants) and set(conflict.rows) <= set(IDS["clauses"])
    if conflict.parameter:
        entry = entry_of(conflict.parameter)
        if entry.type == "choice":
            assert set(entry.choices) <= set(conflict.variants) and entry.default == conflict.chosen


SMALL = """\
code: small
title: 小册
title_en: Small
source: "9"
about: 样本
clauses:
  EST-01:
    title: 一
    title_en: One
    text: 一条
    text_en: One clause.
    kind: rule
    source: ["9 一"]
duties:
  a_duty:
    title: 巡
    title_en: Round
    rows: [EST-01]
    source: ["9 一"]
    cadence: "FREQ=DAILY;BYTIME=$a.times#1"
    role: steward
    source_role: Steward
    scope: zone
    evidence: record
figures:
  a.times:
    title: 时刻
    title_en: Times
    rows: [EST-01]
    source: ["9 一"]
    default: "06:00, 12:00"
    type: times
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("kind: rule", "kind: rool", 12, "kind"),
        ("text: 一条", "txt: 一条", 10, "txt"),
        ("scope: zone", "scope: moon", 23, "a scope is one of"),
        ("FREQ=DAILY", "FREQ=SOMETIMES", 20, "FREQ is one of"),
        ('cadence: "FREQ=DAILY;BYTIME=$a.times#1"', 'waits: {word: 定期, suggest: "FREQ=DAYLY"}', 20, "FREQ is one of"),
        ('    cadence: "FREQ=DAILY;BYTIME=$a.times#1"\n', "", 15, "either a cadence or"),
        ("scope: zone", 'scope: zone\n    window: {closes: "25:00"}', 24, "closes"),
        ("scope: zone", "scope: zone\n    window: {days: 0}", 24, "days"),
        ('default: "06:00, 12:00"', 'default: "6 Uhr"', 26, "times are written"),
        ("$a.times", "$no.times", 20, "no such figure"),
        ("  a_duty:", "  a_duty: 7\n  a_duty:", 16, "twice"),
        ("rows: [EST-01]\n    source", "rows: []\n    source", 18, "rows"),
    ],
)  # fmt: skip
def test_a_slip_in_a_book_is_named_by_file_and_line(tmp_path, old, new, line, said):
    """CF-01: whoever writes a rulebook is told where the slip is."""
    assert old in SMALL
    (tmp_path / "small.yaml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError) as slip:
        read("small.yaml", Rulebook, tmp_path)
    told = str(slip.value).splitlines()
    assert any(each.startswith(f"small.yaml:{line}:") and said in each for each in told), told


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_any_broken_line_of_a_real_book_is_found(tmp_path_factory, data):
    """CF-01: a word that may not stand there is named with its line, wherever it is."""
    lines = (BOOKS / "zone.yaml").read_text(encoding="utf-8").splitlines()
    words = ("kind: ", "type: ", "scope: ", "rows: ")
    number = data.draw(st.sampled_from([n for n, line in enumerate(lines) if line.strip().startswith(words)]))
    head, _colon, _rest = lines[number].partition(":")
    lines[number] = f"{head}: {data.draw(st.text('abcxyz', min_size=8, max_size=12))}"
    folder = tmp_path_factory.mktemp("books")
    (folder / "zone.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(RulebookError) as slip:
        read("zone.yaml", Rulebook, folder)
    assert any(said.startswith(f"zone.yaml:{number + 1}:") for said in str(slip.value).splitlines())
