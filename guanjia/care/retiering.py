"""Putting every household into its tier: facts, rules by priority, what changed; set-based, harmless when run again (HSE-04)."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.duties.models import Enactment
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter

from .facts import COUNTED, FACTS, FROM, given
from .tiers import tiers_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from guanjia.estates.models import Estate

# A person's decision holds through its last day. Households that have no home here any more stay as they were.
RETIER = """
WITH {counted}, fact AS MATERIALIZED (
    SELECT h.id AS household_id, {facts} {source}
), decided AS (
    SELECT f.household_id, CASE {cases} END AS rule, ({vulnerable}) AS vulnerable, f.facts
    FROM (SELECT fact.*, to_jsonb(fact) - 'household_id' AS facts FROM fact) AS f
), wanted AS (
    SELECT d.household_id, d.rule, r.tier, d.vulnerable, jsonb_build_object('fact', r.fact, 'count', d.facts -> r.fact, 'bound', r.bound) AS facts
    FROM decided AS d JOIN unnest(%(rules)s::text[], %(tiers)s::text[], %(rule_facts)s::text[], %(bounds)s::int[])
        AS r (rule, tier, fact, bound) ON r.rule = d.rule
    WHERE %(only)s::bigint[] IS NULL OR d.household_id = ANY(%(only)s::bigint[])
), present AS (
    SELECT p.id, p.household_id, p.tier, p.rule, p.is_vulnerable, p.by_id IS NOT NULL AND (p.until IS NULL OR p.until >= %(today)s::date) AS held
    FROM care_tiering AS p WHERE p.estate_id = %(estate)s AND upper_inf(p.during) AND NOT isempty(p.during)
), moved AS (
    SELECT w.*, p.id AS before FROM wanted AS w LEFT JOIN present AS p ON p.household_id = w.household_id
    WHERE p.id IS NULL OR (NOT p.held AND (p.tier, p.rule, p.is_vulnerable) IS DISTINCT FROM (w.tier, w.rule, w.vulnerable))
), ended AS (
    UPDATE care_tiering AS p SET during = tstzrange(lower(p.during), %(at)s) FROM moved
    WHERE p.estate_id = %(estate)s AND p.id = moved.before AND lower(p.during) < %(at)s RETURNING p.id
), kept AS (
    UPDATE households_household AS h SET tier = CASE WHEN p.held THEN p.tier ELSE w.tier END, is_vulnerable = w.vulnerable
    FROM wanted AS w LEFT JOIN present AS p ON p.household_id = w.household_id
    WHERE h.estate_id = %(estate)s AND h.id = w.household_id
        AND (h.tier, h.is_vulnerable) IS DISTINCT FROM (CASE WHEN p.held THEN p.tier ELSE w.tier END, w.vulnerable)
)
SELECT household_id, tier, vulnerable, rule, facts, before IS NOT NULL AND before NOT IN (SELECT id FROM ended) FROM moved
"""
INSERT = """
INSERT INTO care_tiering (estate_id, household_id, tier, is_vulnerable, rule, facts, why, during)
SELECT %s, household, tier, vulnerable, rule, facts, '', tstzrange(%s, NULL)
FROM unnest(%s::bigint[], %s::text[], %s::bool[], %s::text[], %s::jsonb[]) AS w (household, tier, vulnerable, rule, facts)
ON CONFLICT DO NOTHING
"""


def retier(estate: Estate, at: datetime, only: Iterable[int] | None = None) -> int:
    """How many households changed their tier or the rule that decides it. Runs in the estate's scope."""
    statement, values = _asked(estate, at)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "only": list(only) if only is not None else None})
        # The new rows come in a second statement: one statement never sees the range that it has just cut.
        moved = [row for row in cursor.fetchall() if not row[5]]
        if not moved:
            return 0
        households, tiers, vulnerable, rules, facts, _same = (list(column) for column in zip(*moved, strict=True))
        cursor.execute(
            INSERT,
            [
                estate.pk,
                at,
                households,
                tiers,
                vulnerable,
                rules,
                [said if isinstance(said, str) else json.dumps(said) for said in facts],
            ],
        )
    if only is None:
        Enactment.objects.look_again(estate)  # the contacts of the new tiers are due from today (HSE-05..07)
        about = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
        counts = {tier: tiers.count(tier) for tier in ("core", "regular", "potential")}
        Event.objects.record(Action.TIERS_SET, about, by=None, at=at, told=False, count=len(moved), **counts)
    return len(moved)


def _asked(estate: Estate, at: datetime) -> tuple[str, dict[str, Any]]:
    """The statement with its rules, and its values. Only names of FACTS and of rules, checked when the book is read, are written into it."""
    values = given(estate, at)
    cases, vulnerable, bounds = [], [], []
    for number, (name, rule) in enumerate(tiers_book().rules.items()):
        bound = int(parameter(estate, rule.at_least or rule.at_most, at)) if rule.at_least or rule.at_most else 1
        values[f"rule_{number}"], values[f"bound_{number}"] = name, bound
        test = f"f.{rule.fact} {'<=' if rule.at_most else '>='} %(bound_{number})s"
        cases.append(f"WHEN {test} THEN %(rule_{number})s")
        bounds.append(bound)
        if rule.vulnerable:
            vulnerable.append(test)
    rules = tiers_book().rules
    values |= {
        "at": at, "rules": list(rules), "tiers": [rule.tier for rule in rules.values()],
        "rule_facts": [rule.fact for rule in rules.values()], "bounds": bounds,
    }  # fmt: skip
    facts = ", ".join(f"({sql})::int AS {name}" for name, sql in FACTS.items())
    parts = {
        "counted": COUNTED,
        "facts": facts,
        "source": FROM,
        "cases": " ".join(cases),
        "vulnerable": " OR ".join(vulnerable) or "false",
    }
    return RETIER.format(**parts), values
