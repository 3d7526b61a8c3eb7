"""The house itself: what must be true of every table, address, action and file."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from guanjia.events.actions import Action
from guanjia.operations.check import estate_owned, findings
from guanjia.people.roles import permissions_of, roles
from guanjia.tenancy.models import CompanyWide, EstateForeignKey, EstateOwned, Local, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [path for path in (ROOT / "guanjia").rglob("*.py") if "migrations" not in path.parts]
OURS = [model for model in apps.get_models() if model.__module__.startswith("guanjia.")]

# Addresses that open to somebody who is not signed in, each on purpose.
PUBLIC = {
    "healthz", "people:sign_in", "web:styleguide", "web:offline", "web:preferences", "web:worker", "web:manifest", "web:icon",
    "tickets:anonymous", "tickets:anonymous_act", "collection:callback",
}  # fmt: skip


# -- tables ---------------------------------------------------------------------------------------------------------


def test_every_table_says_what_kind_it_is():
    """Design §8: estate-owned, company-wide or local; nothing else."""
    strange = [model.__name__ for model in OURS if not issubclass(model, EstateOwned | CompanyWide | Local)]
    assert not strange


def test_estate_owned_keys_begin_with_the_estate():
    """citus.md §3: every unique and exclusion constraint starts with estate; no unique column of its own."""
    for model in estate_owned():
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                assert constraint.fields[:1] == ("estate",), f"{model.__name__}.{constraint.name}"
            if hasattr(constraint, "expressions") and not isinstance(constraint, models.UniqueConstraint):
                assert constraint.expressions[0][0] == "estate", f"{model.__name__}.{constraint.name}"
        lone = [field.name for field in model._meta.local_fields if field.unique and not field.primary_key]
        assert not lone, f"{model.__name__}: {lone}"


def test_links_between_estate_owned_rows_are_pairs():
    """citus.md §3: composite keys, never SET NULL, no automatic many-to-many, no generic keys."""
    for model in estate_owned():
        assert not model._meta.local_many_to_many, model.__name__
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and issubclass(field.remote_field.model, EstateOwned):
                assert isinstance(field, EstateForeignKey), f"{model.__name__}.{field.name}"
            if isinstance(field, models.ForeignKey) and issubclass(field.remote_field.model, Local):
                assert isinstance(field, PersonKey), f"{model.__name__}.{field.name}: hold local rows by value"


@pytest.mark.django_db
def test_the_database_agrees():
    """Row security on every estate-owned table, the pair key unique, composite keys not deferrable."""
    assert not [finding for finding in findings() if finding["check"] in ("row_security", "append_only")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid), condeferrable FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        )
        rows = cursor.fetchall()
    for model in estate_owned():
        table = model._meta.db_table
        mine = [(text, deferrable) for owner, text, deferrable in rows if owner == table]
        assert any(text == "UNIQUE (estate_id, id)" for text, _ in mine), table
        for field in model._meta.local_fields:
            if isinstance(field, EstateForeignKey):
                pair = [d for text, d in mine if text.startswith(f"FOREIGN KEY (estate_id, {field.column})")]
                assert pair == [False], f"{table}.{field.column}"


def test_without_an_estate_nothing_is_seen(cast):
    """Design §7: with no estate set, a query returns nothing; with another's, nothing of ours."""
    Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk)
    assert Ticket.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "guanjia_app"
        cursor.execute("SET LOCAL guanjia.estate = ''")
        assert Ticket.objects.count() == 0
    with estate_scope(cast.lake):
        assert Ticket.objects.count() == 0


def test_what_happened_cannot_be_changed(cast):
    """Design decision 7: the application's role has no UPDATE or DELETE on events."""
    from django.db import transaction
    from django.db.utils import ProgrammingError

    from guanjia.events.models import Event

    Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk)
    for attempt in (lambda: Event.objects.update(actor_name="x"), lambda: Event.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()


# -- addresses ------------------------------------------------------------------------------------------------------


def addresses(resolver=None, namespace=""):
    """Every named address with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            yield from addresses(entry, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join(filter(None, [namespace, entry.name or entry.callback.__name__])), entry


OWN = [(name, entry) for name, entry in addresses() if getattr(entry.callback, "__module__", "").startswith("guanjia.") and not entry.callback.__module__.startswith("guanjia.api")]


SAMPLES = {
    "code": "plan",
    "estate_code": "sunny", "number": "260310-0000", "noun": "note", "pk": 1, "secret": "x" * 22, "estate": "sunny",
    "item": "car_beauty", "token": "x", "mark": "x", "kind": "five", "key": "tickets.per_day", "name": "x", "part": "given", "uuid": "00000000-0000-0000-0000-000000000000", "work": 1, "size": 192,
}  # fmt: skip


@cache
def all_paths():
    found = []
    for name, _entry in OWN:
        for arguments in ({}, {"estate_code": "sunny"}):
            try:
                resolver = get_resolver()
                last = name.split(":")[-1]
                for part in name.split(":")[:-1]:
                    _p, resolver = resolver.namespace_dict[part]
                wanted = set(resolver.reverse_dict.getlist(last)[0][0][0][1])
                kwargs = {**{key: SAMPLES[key] for key in wanted}, **arguments}
                found.append((name, reverse(name, kwargs=kwargs)))
                break
            except Exception:
                continue
    return found


def test_every_address_is_walked():
    """No address escapes the walks below."""
    walked = {name for name, _path in all_paths()}
    assert walked == {name for name, _entry in OWN}


@pytest.mark.django_db
def test_a_stranger_gets_in_nowhere(client, cast):
    """Deny by default: signed out, every address but the public ones asks to sign in or is not there."""
    for name, path in all_paths():
        answer = client.get(path)
        if name in PUBLIC or name.startswith("people:"):
            assert answer.status_code < 500, path
            continue
        assert answer.status_code in (302, 404, 405), f"{path} → {answer.status_code}"
        if answer.status_code == 302:
            assert "/sign-in/" in answer["Location"], path


@pytest.mark.parametrize("who", ["ming", "zhou", "zheng", "jing", "he", "zhao", "qian", "mei", "stranger"])
def test_everybody_walks_every_address(client, cast, who):
    """No role breaks a page; a member of another estate finds nothing below ours."""
    client.force_login(getattr(cast, who))
    for name, path in all_paths():
        if name == "people:sign_out":
            continue
        answer = client.get(path)
        assert answer.status_code < 500, f"{who} {path} → {answer.status_code}"
        if who == "stranger" and path.startswith("/e/sunny/") and name not in PUBLIC:
            assert answer.status_code == 404, f"{path} → {answer.status_code}"
        if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
            text = answer.content.decode()
            if "<html" not in text:
                continue  # a fragment of a page
            assert "<h1" in text and "<title>" in text, f"{path} has no heading"


def test_every_view_below_an_estate_says_what_it_needs():
    """A view without @needs or @public opens to nobody on purpose; here it is a mistake."""
    bare = [
        name for name, entry in OWN
        if name.split(":")[0] in ("tickets", "notices", "importing", "jobs", "billing") and not (hasattr(entry.callback, "needs") or getattr(entry.callback, "public", False))
    ]  # fmt: skip
    assert not bare


# -- actions --------------------------------------------------------------------------------------------------------


def test_every_action_is_told_somewhere():
    """Design decision 4: what stands in the enumeration is recorded by a verb."""
    code = "\n".join(path.read_text() for path in SOURCES if path.name != "actions.py")
    unused = [action.name for action in Action if f"Action.{action.name}" not in code]
    assert not unused


def test_every_action_has_a_sentence_in_each_language():
    for language in ("zh-hans", "zh-hant", "en"):
        with translation.override(language):
            for action in Action:
                sentence = str(action.label)
                assert sentence, action
                if language == "en":
                    assert not re.search("[一-鿿]", sentence), f"{action}: {sentence}"


def test_roles_and_permissions_resolve():
    """Every permission a view or verb asks for is held by some role; every role holds known ones."""
    asked = set()
    for path in SOURCES:
        asked |= set(re.findall(r'(?:must|may|needs)\("([a-z]+\.[a-z_]+)"', path.read_text()))
    held = set().union(*(permissions_of(role) for role in roles()))
    assert asked - {"own.file", "own.read", "own.rate"} <= held


# -- files ----------------------------------------------------------------------------------------------------------


def test_the_wall_clock_is_read_in_one_place():
    """Design decision 9."""
    pattern = re.compile(r"timezone\.now\(|datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    guilty = [str(path.relative_to(ROOT)) for path in SOURCES if path.name != "clock.py" and pattern.search(path.read_text())]
    assert not guilty


def test_files_and_functions_keep_their_size():
    """docs/development.md: files ≤ 200 lines, functions ≤ 40; a long file is a noun that wants a room."""
    long = []
    for path in SOURCES:
        text = path.read_text()
        limit = {"settings.py": 420, "actions.py": 700}.get(path.name, 250)  # tables: every setting, one row an action
        if text.count("\n") > limit:
            long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno > 45:
                long.append(f"{path.relative_to(ROOT)}:{node.name}: {node.end_lineno - node.lineno} lines")
    assert not long


def test_no_signal_is_listened_to():
    """Habit 1: who must react is called by name."""
    assert not [str(path) for path in SOURCES if "@receiver" in path.read_text()]


def test_no_inline_script_or_style():
    """The content security policy would block it; so no template has it."""
    guilty = []
    for path in (ROOT / "guanjia").rglob("*.html"):
        text = path.read_text()
        if re.search(r"<script(?![^>]*src=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son[a-z]+=\"", text):
            guilty.append(str(path.relative_to(ROOT)))
    assert not guilty


def test_docs_name_only_files_that_exist():
    """`bin/…`, `guanjia/…`, `docs/…`, `rulebooks/…` in the documentation."""
    missing = []
    for doc in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for name in re.findall(r"`((?:bin|ops|guanjia|docs|rulebooks|tests)/[\w./-]*)`", doc.read_text()):
            if not (ROOT / name.rstrip("/")).exists():
                missing.append(f"{doc.name}: {name}")
    assert not missing
