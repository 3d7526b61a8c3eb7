"""Everything held on one person, as a file they can read and a machine can (design §7): a zip with JSON and Excel."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.models import Bill
from guanjia.collection.models import Payment
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import (
    Consent,
    ContactChange,
    HouseholdDocument,
    Member,
    Need,
    Occupancy,
    Parking,
    Pet,
    Vehicle,
)
from guanjia.jobs.models import Job
from guanjia.people.privacy import mask_name
from guanjia.tenancy.errors import NotAllowed
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.workbooks import book_of
from guanjia.tickets.models import Rating, Ticket

from .models import Answer, Promise, Visit

if TYPE_CHECKING:
    pass

KIND = "person_export"
MOST = 5000  # rows of a kind


def ask(member: Member, *, by: Any) -> Job:
    """Ask for the file: staff who may export, or the person themself. Asked twice on a day it is one file; the trace is an event."""
    mine = not by.is_staff and member.login_id == by.person_id
    if not mine and not by.may("household.export"):
        raise NotAllowed("household.export")
    at = clock.now()
    key = f"{member.pk}-{by.person_id}-{clock.today(member.estate, at).isoformat()}"
    known = Job.objects.at_estate(member.estate_id).filter(kind=KIND, key=key).exists()
    job = Job.objects.ask(KIND, estate=member.estate, by=by, key=key, at=at, member=member.pk)
    if not known:
        what = kept(_("%(who)s的全部个人信息")) % {"who": mask_name(member.name)}
        Event.objects.record(Action.PERSONAL_DATA_EXPORTED, member, by=by, at=at, told=False, what=what)
    return job


def held(member: Member) -> dict[str, list[dict[str, Any]]]:
    """Sheet → rows, in clear: the person has a right to all of it. Others of the household stay out."""
    estate, home = member.estate_id, member.household_id

    def rows(found: Any, *names: str) -> list[dict[str, Any]]:
        return [
            {
                name: getattr(row, f"get_{name}_display", lambda row=row, name=name: getattr(row, name))()
                for name in names
            }
            for row in found[:MOST]
        ]

    def of(model: Any, **by: Any) -> Any:
        return model.objects.at_estate(estate).filter(**(by or {"household_id": home})).order_by("pk")

    tickets = (
        of(Ticket, household_id=home).filter(reporter_name__in=[member.name, ""])
        if not member.login_id
        else of(Ticket, reporter_id=member.login_id)
    )
    found = {
        "person": rows([member], "number", "name", "kind", "sex", "born_year", "born_on", "phone", "identity", "left_on"),
        "household": rows([member.household], "number", "name", "slot", "way", "preferences", "hints", "tier"),
        "homes": [{"unit": row.unit.code, "kind": row.get_kind_display(), "from": row.during.lower, "until": row.during.upper} for row in of(Occupancy).select_related("unit")],
        "consents": rows(of(Consent, member=member), "purpose", "how", "given_at", "withdrawn_at"),
        "needs": rows(of(Need, member=member), "kind", "words", "noted_at", "ended_at"),
        "contact_changes": rows(of(ContactChange, member=member), "old", "new", "why", "at"),
        "pets": rows(of(Pet), "kind", "name", "breed", "licence"),
        "vehicles": rows(of(Vehicle), "plate", "brand", "colour"),
        "parkings": rows(of(Parking), "lot", "code", "starts_on", "ends_on"),
        "documents": rows(of(HouseholdDocument).live(), "kind", "title", "kept_at"),
        "visits": rows(of(Visit, household_id=home, met_whom=member.name), "way", "outcome", "made_at", "heard", "answered", "opinion", "mood"),
        "promises": rows(of(Promise), "words", "due_on", "kept_at", "result"),
        "answers": rows(of(Answer, household_id=home, by_id=member.login_id) if member.login_id else Answer.objects.none(), "said", "at"),
        "tickets": rows(tickets, "number", "kind", "words", "reported_at", "stage", "closed_at"),
        "ratings": rows(of(Rating, by_id=member.login_id) if member.login_id else Rating.objects.none(), "speed", "result", "attitude", "words", "at"),
        "bills": rows(of(Bill, household_id=home, live=True), "period", "amount", "due_on"),
        "payments": rows(of(Payment), "amount", "at"),
        "readings": [{"at": row.at, "by": row.actor_name, "what": row.sentence} for row in Event.objects.about(member)],
    }  # fmt: skip
    return found


def archive(member: Member) -> bytes:
    found = held(member)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        file.writestr("data.xlsx", _workbook(found, ZoneInfo(member.estate.time_zone)))
    return buffer.getvalue()


def _workbook(found: dict[str, list[dict[str, Any]]], zone: ZoneInfo) -> bytes:
    sheets = [(name, [(title, 18) for title in rows[0]] if rows else [], [list(row.values()) for row in rows]) for name, rows in found.items()]
    with book_of(sheets, zone) as file:
        return file.read()


def do(job: Job, progress: Any) -> dict[str, Any]:
    with estate_scope(job.estate_id):
        member = Member.objects.select_related("household", "estate").get(
            estate=job.estate_id, pk=job.arguments["member"]
        )
        job.result_file.save(f"{job.estate_id}/person-{member.pk}.zip", ContentFile(archive(member)), save=False)
        job.save(update_fields=["result_file"])
    progress(1, 1)
    return {"files": 1}
