"""E-mail. The Message-ID says which event and which reader, so that a repeated message is known as the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from guanjia.people.models import Person
from guanjia.tenancy.scope import estate_scope

from .ports import NotSent
from .saying import address, messages

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

    from .models import Delivery
    from .saying import Message

TIMEOUT = 10  # seconds


def mail(estate: Estate, rows: list[Delivery], now: datetime) -> dict[int, str | NotSent]:
    """Send each; the answer is its Message-ID. Nothing of the database is held meanwhile."""
    people = Person.objects.filter(is_active=True).in_bulk([row.person_id for row in rows])
    answers: dict[int, str | NotSent] = {}
    letters = []
    for row in rows:
        person = people.get(row.person_id)
        if person is None or not person.email:
            answers[row.pk] = NotSent(_("收件人已停用或没有邮箱。"), for_good=True)
            continue
        with translation.override(person.language or settings.LANGUAGE_CODE), estate_scope(estate):
            found = messages([row])
        if found:
            letters.append((row.pk, letter(estate, row, person, found[0])))
    connection = get_connection(timeout=TIMEOUT) if "smtp" in settings.EMAIL_BACKEND else get_connection()
    for pk, message in letters:
        message.connection = connection
        try:
            message.send()
            answers[pk] = message.extra_headers["Message-ID"]
        except Exception as failed:  # whatever a mail server may do
            answers[pk] = NotSent(f"{type(failed).__name__}: {failed}")
    return answers


def letter(estate: Estate, row: Delivery, person: Person, said: Message) -> EmailMessage:
    link = address(said.subject, estate.code, person.kind == Person.Kind.STAFF)
    site = next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    lines = [said.body or said.title, *([site + link] if site and link else []), f"—— {estate.name}"]
    return EmailMessage(
        subject=" ".join(f"[{estate.name}] {said.title}".split()),
        body="\n\n".join(lines),
        to=[person.email],
        headers={"Message-ID": message_id(row), "Auto-Submitted": "auto-generated"},
    )


def message_id(row: Delivery) -> str:
    """The same for the same event and reader, however often it is sent."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{row.estate_id}.{row.event_id}.{row.person_id}@{domain}>"
