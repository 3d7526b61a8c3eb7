"""Everybody walks every operation: nobody sees or does what is not theirs (design §7, issue 2 proof)."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from guanjia.events.models import Event
from guanjia.people.roles import permissions_of
from guanjia.tickets.acts import TICKET_ACTS, WORK_ACTS
from guanjia.tickets.models import Ticket

STAFF = {
    "ming": "steward", "fang": "steward", "zhou": "repairer", "wu": "repairer", "zheng": "order_keeper", "sun": "order_leader",
    "jing": "dispatcher", "he": "front_desk", "zhao": "supervisor", "qian": "manager",
}  # fmt: skip
RESIDENTS = ("mei", "mr_mei", "lu")
SEES_TICKET = {"ming", "zhou", "jing", "he", "zhao", "qian", "mei", "mr_mei"}  # the leak in the east, given to 周工
SEES_WORK = SEES_TICKET - {"mei", "mr_mei"}
OWN = {"addition": "ticket.file", "urge": "ticket.file", "reopening": "ticket.classify", "cancellation": "ticket.cancel", "signature": "ticket.confirm", "rating": None}
NEEDS_TICKET = {act.noun: act.permission for act in TICKET_ACTS} | OWN | {"photos": "ticket.file", "acknowledgement": "clock.acknowledge"}
NEEDS_WORK = {act.noun: act.permission for act in WORK_ACTS} | {"photos": "work.act"}
NEEDS_HOME = {"visits": "visit.make", "tier": "household.tier"}  # everything else: household.edit
NEEDS_STAFF = {"facts": "fact.record", "praise": "team.assess", "appraisals": "team.assess", "awards": "team.assess", "zones": "post.manage"}
MONEY = {"shifts": "payment.take", "cash-counts": "payment.take", "bank-rows": "bank.reconcile", "bank-balance": "bank.reconcile", "bank-statements": "bank.reconcile",
         "reconciliations": "bank.reconcile", "calls": "chase.act", "chases": "chase.act", "holds": "chase.act", "letters": "chase.act", "mailings": "chase.act", "papers": "chase.act"}  # fmt: skip
BOOKS = {"mandates": {"debit.run", "payment.take"}, "debits": {"debit.run", "payment.take"}, "refunds": {"payment.undo", "payment.judge"}, "late-charges": {"chase.act"},
         "waivers": {"chase.act"}, "discounts": {"discount.ask", "discount.approve_small", "bill.read"}, "budget": {"ledger.read", "budget.set"},
         "fund": {"ledger.read", "fund.ask", "fund.judge"}, "fund-uses": {"ledger.read", "fund.ask", "fund.judge"}, "trial-balance": {"ledger.read"}, "journal": {"ledger.read"},
         "periods": {"ledger.read"}, "drafts": {"draft.write", "draft.finance", "draft.judge"}}  # fmt: skip
BOOKING = {"mandates": "debit.run", "ending": "debit.run", "debits": "debit.run", "dispatch": "debit.run", "amounts": "payment.take", "answer": "payment.take", "refund": "payment.undo",
           "prepayments": "payment.take", "late-charges": "chase.judge", "waivers": "discount.ask", "prices": "tariff.set", "discounts": "discount.ask", "shared-costs": "bill.draft",
           "budget": "budget.set", "fund": "fund.judge", "fund-uses": "fund.ask", "closures": "ledger.close", "reopenings": "ledger.reopen", "agreement": "ledger.reopen"}  # fmt: skip
JUDGING = {"refunds": {"payment.judge"}, "waivers": {"chase.judge"}, "discounts": BOOKS["discounts"], "fund-uses": {"fund.judge"}}
UNBOUND = ("debits", "budget", "fund", "fund-uses", "closures", "reopenings", "discounts")  # the verb has its own say
QUALITY = ("inspections", "rectifications", "assessments", "campaign-steps")
STAFFS = ("leaves", "shift-books", "facts", "praise", "appraisals", "awards")


@pytest.fixture(scope="module")
def document():
    from guanjia.api.api import api

    return api.get_openapi_schema()


def sample(document, schema):
    """A value of a schema: its example, its first choice, or for an object whatever it requires."""
    if "$ref" in schema:
        return sample(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "default" in schema:
        return schema["default"]
    if "examples" in schema or "enum" in schema:
        return (schema.get("examples") or schema["enum"])[0]
    if "anyOf" in schema:
        return sample(document, schema["anyOf"][0])
    if schema.get("type") == "object":
        known = schema.get("properties", {})  # an empty body would say nothing: its first field where none is required
        return {name: sample(document, known[name]) for name in schema.get("required") or list(known)[:1]}
    return {"boolean": False, "integer": 1, "string": "x", "number": 1, "array": []}[schema["type"]]


@pytest.fixture
def walk(document, api, cast, work, ticket):
    """`walk(who)` → (method, path, answer) of every operation on 梅女士's leak and its work order."""
    from guanjia.tickets.models import Incident

    incident = Incident.objects.create(estate=cast.sunny, title="停水", opened_by=cast.jing, opened_at=ticket.reported_at)
    clock_id = ticket.running_clocks.first().pk
    names = {"estate": "sunny", "number": ticket.number, "code": "3-1-501"}

    def filled(path):
        which = work.pk if "/work/" in path else incident.pk if "/incidents/" in path else cast.meis.pk if "/households/" in path else clock_id
        return re.sub(r"{(\w+)}", lambda found: str(names.get(found[1], which)), path)

    def ask(caller, method, path, operation):
        address = "/" + filled(path).replace("/estates/sunny", f"/estates/{caller.estate}").removeprefix("/api/v1")
        if method == "get":
            return caller.get(address)
        if path.endswith("/photos"):
            return caller.form(address, moment="before", photos=[SimpleUploadedFile("a.jpg", b"no picture")])
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {"schema": {"type": "object"}})
        said = sample(document, content["schema"])
        said |= dict.fromkeys({"member", "household", "person", "trainer"} & said.keys(), 2**40)  # nobody: an id of the document's examples may be somebody's
        return caller.post(address, **said)

    def each(who, estate="sunny"):
        """Every step starts from the same world: what one did is undone before the next."""
        caller = api(who, estate)
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                with transaction.atomic():
                    answer = ask(caller, method, path, operation)
                    transaction.set_rollback(True)
                yield method, path, answer

    return each


def test_a_stranger_finds_nothing_anywhere(walk, cast):
    """Another company's steward at sunny; sunny's people at lake. Bodies that cannot be read say so first, of themselves only."""
    before = Event.objects.at_estate(cast.sunny).count()
    for who, estate in (("stranger", "sunny"), ("ming", "lake"), ("mei", "lake")):
        for method, path, answer in walk(who, estate):
            if "{estate}" in path:
                assert answer.status_code == 404, (who, method, path, answer.content)
    assert Event.objects.at_estate(cast.sunny).count() == before


@pytest.mark.parametrize("who", [*STAFF, *RESIDENTS])
def test_everybody_gets_their_part_and_no_more(walk, who, cast):
    may = permissions_of(STAFF[who]) if who in STAFF else {"own.file", "own.rate"}
    odd = []  # all at once: a new noun is seen whole
    for method, path, answer in walk(who):
        status = answer.status_code
        assert status < 500, (path, answer.content)
        expected = reading(who, may, path) if method == "get" else writing(who, may, path)
        if status != expected if expected is not None else method == "post" and status in (401, 403, 404, 415):
            odd.append(f"{method} {path} {status}, not {expected}: {answer.content.decode()[:200]}")
    assert not odd, "\n".join(odd)


def sees_bills(who, may):
    """A run is the whole estate's."""
    return who in ("he", "zhao", "qian") and "bill.read" in may


def keeps(noun, may):
    """The counter's papers are also for who judges them."""
    return MONEY[noun] in may or (noun in ("shifts", "cash-counts") and "payment.judge" in may)


def reading(who, may, path):
    noun = path.removeprefix("/api/v1/estates").removeprefix("/{estate}").strip("/").split("/")
    if noun[0] == "tickets" and len(noun) > 1:
        return 404 if who not in SEES_TICKET or noun[-1] == "{id}" else 200
    if noun[0] in ("bills", "payments"):
        return 404 if len(noun) > 1 else 200  # nothing is billed here
    if noun[0] in MONEY:
        return 403 if not keeps(noun[0], may) else 404 if len(noun) > 1 else 200
    if noun[0] == "runs":
        return 403 if not sees_bills(who, may) else 404 if len(noun) > 1 else 200
    if noun[-1] == "file" and noun[0] == "debits":
        return 404 if "debit.run" in may else 403
    if noun[0] == "shared-costs":
        return 200 if sees_bills(who, may) else 403
    if noun[0] in BOOKS:
        return 403 if not BOOKS[noun[0]] & may else 404 if len(noun) > 1 else 200
    if noun[-1] == "late-dues":
        return 403 if "chase.act" not in may else 404 if who == "fang" else 200
    if noun[-1] == "prices":
        return 404 if "bill.read" in may else 403
    if noun[0] == "fees":
        return 200 if "bill.read" in may else 403
    if noun[0] == "readings":
        return 200 if "meter.read" in may else 403
    if noun[0] == "collection":
        return 200 if sees_bills(who, may) else 403
    if noun[-1] == "dues":
        return 200 if who in ("mei", "mr_mei") or sees_bills(who, may) else 404
    if noun[0] == "work":
        return 403 if who in RESIDENTS else 200 if len(noun) == 1 or who in SEES_WORK else 404
    if noun[0] == "tasks":
        return 403 if who in RESIDENTS else 200 if len(noun) == 1 else 404
    if noun[0] == "incidents":
        return 200 if "incident.open" in may else 403
    if noun[0] == "bulletins":
        return 404 if len(noun) > 1 else 200  # nothing is out here
    if noun[0] in ("trainings", "certificates"):
        return 403 if who in RESIDENTS else 200
    if noun[0] in ("exams", "readiness"):
        return 403 if "training.manage" not in may else 404 if len(noun) > 1 else 200
    if noun[0] == "boards":
        return 200 if "board.keep" in may else 403
    if noun[0] == "coverage":
        return 200 if "household.read" in may else 403
    if noun[0] == "households" and who in STAFF:
        return 403 if "household.read" not in may else 404 if who == "fang" and len(noun) > 1 else 200
    if noun[0] == "households":
        return 404 if who == "lu" and len(noun) > 1 else 200
    if noun[0] in ("books", "keeping"):
        return 403 if not {"report.read", "rule.change"} & may else 404 if len(noun) > 1 else 200
    if noun[0] == "duties":
        return 200 if "duty.read" in may else 403
    if noun[0] in (*STAFFS, "incentives"):
        return 403 if who in RESIDENTS else 404 if len(noun) > 1 else 200
    if noun[-1] in ("results", "satisfaction"):
        return 403 if "opinion.read" not in may else 404 if len(noun) > 1 else 200
    if noun[0] == "polls":
        return 404 if len(noun) > 1 else 200  # nobody is asked here
    if noun[0] == "settlements":
        return 404 if len(noun) > 1 else 200 if "ledger.read" in may else 403
    if noun[0] in ("leases", "facilities"):
        return 200
    if noun[0].startswith("service-"):
        return 404 if len(noun) > 1 else 200
    if noun[0] == "scores":
        return 200 if "report.read" in may else 403
    if noun[0] == "keys":
        return 403 if who in RESIDENTS else 404 if len(noun) > 1 else 200
    if noun == ["guests", "seen"]:
        return 422  # nothing was scanned
    if noun == ["moves", "weeks"]:
        return 200 if "move.take" in may else 403
    if noun[0] in ("gifts", "purses"):
        return 200
    if noun[-1] == "turnout":
        return 403 if who in RESIDENTS else 404
    if noun[0] in ("activities", "assemblies"):
        return 404 if len(noun) > 1 else 200  # nothing is on here
    if noun[0] == "decorations":
        return 404 if len(noun) > 1 else 200  # nothing is decorated here
    if noun[0] in (*QUALITY, "emergencies", "fires", "hazards"):
        return 403 if who in RESIDENTS else 404 if len(noun) > 1 else 200
    if noun[0] == "contracts":
        return 403 if who in RESIDENTS else 200
    if noun[0] == "campaigns":
        return 200 if "quality.read" in may else 403
    if noun[0] == "zones":
        return 403 if who in RESIDENTS else 200
    return 404 if noun == ["units", "{code}"] and who == "lu" else 200


def writing(who, may, path):
    """The status that permission and reach alone decide; None where the verb has its own say."""
    noun = path.rsplit("/", 1)[1]
    if path.endswith("/tickets"):
        return None
    if "/polls/" in path or "/opinions/" in path:
        return 404
    if path.endswith("/opinions"):
        return None if "opinion.read" in may else 403
    if path.endswith("/settlements"):
        return 404 if "bill.post" in may else 403
    if "/leases/" in path:
        return 404  # nothing is let here
    if path.endswith("/leases"):
        return 404 if "lease.make" in may else 403  # no such space
    if "/service-orders" in path:
        if noun == "service-orders":
            # the sample says nothing that the item asks, and is a home of 梅女士's
            return 404 if who == "lu" else None if who not in STAFF or ("service.order" in may and who != "fang") else 403
        return 404 if who not in RESIDENTS or noun in ("answer", "rating", "cancellation") else 403
    if path.endswith("/runs"):
        return None if sees_bills(who, may) and "bill.draft" in may else 403
    if "/runs/" in path:
        return 404 if sees_bills(who, may) else 403
    if path.endswith("/readings"):
        return 404 if "meter.read" in may else 403
    if path.endswith("/payments"):
        return 404 if "payment.take" in may else 403
    if (first := path.split("{estate}/")[1].split("/")[0]) in {*BOOKS, *BOOKING} or noun in ("prices", "refund"):
        return booking(who, first, noun, may)
    if path.endswith("/bulletins"):
        return None if "bulletin.write" in may else 403
    if "/bulletins/" in path or "/boards/" in path:
        return 404
    if path.endswith(("/trainings", "/certificates")):
        return 404 if "training.manage" in may else 403  # nobody of that id
    if "/trainings/" in path:
        return 403 if who in RESIDENTS else 404
    if "/households/" in path:
        if who in RESIDENTS or "household.read" not in may:
            return 403
        if who == "fang" or ("household.edit" in may and noun in ("phone", "consents", "consent-withdrawal")):
            return 404  # not within reach; nobody of that id
        return None if NEEDS_HOME.get(noun, "household.edit") in may else 403
    if "/tasks/" in path:
        return 403 if who in RESIDENTS else 404
    first = path.split("{estate}/")[1].split("/")[0]
    if first in ("sorts", "redemptions"):
        needed = "sorting.record" if first == "sorts" else "sorting.redeem"
        return 403 if needed not in may else 404 if first == "redemptions" else None  # nobody's gift
    if first == "facilities":
        return 403 if "nearby.keep" not in may else None if noun == first else 404
    if first == "house-files":
        if noun == "items":
            return 403 if who in RESIDENTS else 404  # no such file
        return 404 if who == "lu" else None if who in RESIDENTS or ("service.order" in may and who != "fang") else 403
    if first in ("outside-contacts", "incoming"):
        if noun == "result":
            return 403 if who in RESIDENTS else 404
        return 403 if "liaison.keep" not in may else 404 if noun == "incoming" else None  # no such body
    if first == "assemblies":
        return 404
    if first == "campaigns":
        return 403 if who in RESIDENTS else 404
    if first == "activities":
        if noun == first:
            return None if "activity.manage" in may else 403
        return 403 if who in RESIDENTS and noun in ("sending", "verdict") else 404
    if first in MONEY:
        return money_writing(first, noun, may)
    if first == "incentives":
        needed = {"approval": "incentive.approve", "verdict": "incentive.judge"}.get(noun)
        return 403 if who in RESIDENTS or (needed and needed not in may) else 404
    if first in ("cards", "articles", "guests") and noun in ("cards", "articles", "met"):
        needed = "card.keep" if first == "cards" else "gate.watch"
        return None if needed in may and (who != "fang" or first == "articles") else 403
    if first in ("keys", "loans", "decorations", "moves", "handovers", "guests", "cards"):
        if noun == first:
            return None  # the sample's day is no date
        own = noun in ("submission", "cancellation", "revocation", "loss") or path.endswith("/decorations/{id}/completion")
        return 403 if who in RESIDENTS and not own else 404
    if first in ("emergencies", "fires", "hazards", "emergency-orders"):
        return 403 if who in RESIDENTS else 200 if noun == first else 404
    if first == "awards" and noun == "verdict":
        return 404 if "award.decide" in may else 403
    if first in NEEDS_STAFF and noun == first:
        return None if NEEDS_STAFF[noun] in may else 403
    if first in STAFFS:
        return 403 if who in RESIDENTS else None if noun == "leaves" else 404
    if first == "contracts":
        return 403 if who in RESIDENTS or (noun == "contracts" and "incentive.propose" not in may) else 404
    if path.endswith("/inspections"):
        return 404 if "quality.plan" in may else 403  # nobody of that login
    if path.endswith("/rectifications"):
        return 404 if "quality.rectify" in may else 403
    if first in QUALITY:
        return 403 if who in RESIDENTS else 404
    if "/incidents/" in path:
        return None if "incident.open" in may else 403
    if "/work/" in path:
        if who in RESIDENTS:
            return 403
        return 404 if who not in SEES_WORK else 403 if NEEDS_WORK[noun] and NEEDS_WORK[noun] not in may else None
    if who not in SEES_TICKET:
        return 404
    if who in RESIDENTS:
        return None if noun in OWN or noun == "photos" else 403
    return None if NEEDS_TICKET[noun] in may else 403


def booking(who, first, noun, may):
    """The counter's and the accountant's acts: a permission each, rows of no such id."""
    if first == "drafts":
        return 403 if not BOOKS[first] & may else None if noun == first else 404
    needed = JUDGING[first] if noun == "verdict" else {BOOKING[noun]}
    if not needed & may or (noun == "shared-costs" and not sees_bills(who, may)):
        return 403
    return 404 if noun not in UNBOUND or (who, noun) == ("fang", "discounts") else None


def money_writing(first, noun, may):
    """Rows of that id are nobody's; what is sent without one is the verb's own say."""
    if noun == "verdict" and first == "holds":
        return 404 if "chase.judge" in may else 403
    if noun in ("closure", "answer") or noun == "shifts":
        return 403 if "payment.take" not in may else 404 if noun != "shifts" else None
    if not keeps(first, may):
        return 403
    return None if noun in ("cash-counts", "bank-statements", "reconciliations", "mailings") else 404


def test_lists_hold_only_what_is_within_reach(api, cast, ticket, work):
    """Each list by each person: 梅女士's leak appears exactly where it may."""
    for who in (*STAFF, *RESIDENTS):
        listed = {row["number"] for row in api(who).get("/tickets").json()["items"]}
        assert listed == ({ticket.number} if who in SEES_TICKET else set()), who
        if who in STAFF:
            orders = {row["id"] for row in api(who).get("/work", mine="false").json()["items"]}
            assert orders == ({work.pk} if who in SEES_WORK else set()), who
    assert Ticket.objects.at_estate(cast.sunny).count() == 1


def test_no_two_bodies_share_a_name():
    """The description holds shapes by name alone: the second of a name would silently replace the first."""
    import pkgutil
    from importlib import import_module

    from pydantic import BaseModel

    import guanjia.api

    found = {}
    for module in pkgutil.iter_modules(guanjia.api.__path__):
        for name, shape in vars(import_module(f"guanjia.api.{module.name}")).items():
            if isinstance(shape, type) and issubclass(shape, BaseModel) and shape.__module__.startswith("guanjia.api"):
                assert found.setdefault(name, shape) is shape, name
