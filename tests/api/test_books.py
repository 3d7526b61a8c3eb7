"""Rulebooks and their keeping through the API (issue 3 §1, §7)."""

from __future__ import annotations

from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import forget

from .test_door import is_problem


def test_whoever_reads_reports_reads_the_books_and_how_they_are_kept(api, cast):
    forget()
    Parameter.objects.set("book.zone.adopted", True, by=None, reason="采用", estate=cast.sunny)
    books = {row["code"]: row for row in api("zhao").get("/books").json()}
    assert books["zone"]["adopted"] and not books["plan"]["adopted"]
    clauses = api("zhao").get("/books/zone/clauses").json()
    assert next(row for row in clauses if row["id"] == "EST-01")["adopted"]
    kept = api("qian").get("/keeping", rulebook="zone", since="2026-03-01").json()
    one = next(row for row in kept if row["clause"] == "EST-01")
    assert (one["status"], one["due"], one["kept"], one["breached"]) == ("kept", 2, 2, 0)
    assert {row["status"] for row in api("qian").get("/keeping", status="kept").json()} == {"kept"}
    assert is_problem(api("zhao").get("/books/nowhere/clauses"), 404)
    for who in ("ming", "mei"):
        for path in ("/books", "/books/zone/clauses", "/keeping"):
            assert is_problem(api(who).get(path), 403)
    forget()
