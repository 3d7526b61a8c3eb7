"""Every row of the cadence, SLA and parameter tables runs, or stands here by name (issue 3: "a test asserts …")."""

from __future__ import annotations

from pathlib import Path

import yaml

import guanjia
from guanjia.people.roles import roles
from guanjia.reports.evidence import parts_of
from guanjia.reports.proofs import known_proof
from guanjia.rulebooks.adoption import Clause
from guanjia.rulebooks.book import FOLDER
from guanjia.rulebooks.books import books
from guanjia.rulebooks.cadence import parse
from guanjia.rulebooks.filling import fill
from guanjia.rulebooks.form_book import forms_book
from guanjia.rulebooks.parameters import entry_of
from guanjia.rulebooks.schema import limits_book, switches_book
from tests.rulebooks.test_books import DATA

IDLE = {
    noun: set(keys or ()) for noun, keys in yaml.safe_load((DATA / "register_only.yaml").read_text(encoding="utf-8")).items()
}
ADDED = yaml.safe_load((DATA / "requirement_ids.yaml").read_text(encoding="utf-8"))["added"]
HERE = Path(guanjia.__file__).parent
MONEY = "".join(
    file.read_text(encoding="utf-8")
    for app in ("billing", "collection")
    for file in (Path(guanjia.__file__).parent / app).rglob("*.py")
)
SORTING = "".join(file.read_text(encoding="utf-8") for file in (HERE / "sorting").rglob("*.py"))
QUALITY = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("rubrics.yaml", "campaigns.yaml"))
SCORES = "".join(
    file.read_text(encoding="utf-8")
    for file in [*(HERE / "incentives").rglob("*.py"), HERE.parent / "rulebooks" / "indicators.yaml"]
)
DUTY = {key: (book, duty) for book in books().values() for key, duty in book.duties.items()}


def test_the_tables_are_whole():
    """239 cadences, 45 limits, 167 parameters, each once, in the five books; what was added is named."""
    assert len(DUTY.keys() - set(ADDED)) == 239
    assert sum(len(book.limits) for book in books().values()) == 45
    assert sum(len(book.figures) for book in books().values()) == 167


def test_every_cadence_runs_or_is_listed():
    """A duty has a form, a post and slots (its own or its suggestion's), or another engine that counts for it."""
    idle = set()
    for key, (book, duty) in DUTY.items():
        if duty.register_only:
            idle.add(key)
            continue
        if duty.kept_by:
            assert known_proof(duty.kept_by) or duty.kept_by.partition(":")[2] in limits_book().limits, key
            continue
        assert duty.form in forms_book().forms and duty.role in roles(), key
        written = duty.cadence or duty.waits.suggest
        assert parse(fill(written, book.usual)), key
    assert idle == IDLE["duties"]


def test_every_limit_runs_or_is_listed():
    """An SLA row names limits or duties that exist."""
    idle = set()
    for book in books().values():
        for row, keys in book.limits.items():
            for key in keys:
                kind, _colon, name = key.rpartition(":")
                assert name in limits_book().limits or (kind == "duty" and name in DUTY) or known_proof(key), (
                    f"{row}: {key}"
                )
            idle |= {row} if not keys else set()
    assert idle == IDLE["limits"]


def test_every_parameter_is_read_or_listed():
    """A figure is a setting that something reads, or says why nothing does yet."""
    idle = set()
    for book in books().values():
        for key, figure in book.figures.items():
            entry_of(key)
            if figure.register_only:
                idle.add(key)
                continue
            assert figure.used_by, key
            for user in figure.used_by:
                kind, _colon, name = user.partition(":")
                assert {
                    "duty": name in DUTY, "limit": name in limits_book().limits, "proof": known_proof(name) is not None, "billing": f'"{key}"' in MONEY, "sorting": f'"{key}"' in SORTING, "incentives": key in SCORES, "quality": f"${key}" in QUALITY,
                    "clause": any(name in other.clauses for other in books().values()), "parameter": name in switches_book().parameters,
                }.get(kind, False), f"{key}: {user}"  # fmt: skip
    assert idle == IDLE["figures"]


def test_how_many_clauses_something_proves():
    """The number may only grow: a clause that loses its engine is seen here."""
    proved = sum(
        bool(parts_of(Clause(book, key, entry), books().values()))
        for book in books().values()
        for key, entry in book.clauses.items()
    )
    assert proved >= 300
