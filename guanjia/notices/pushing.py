"""Web Push (RFC 8030, 8291, 8292): sealed for the device, signed by this installation, to public addresses only.

`http-ece` seals and `py-vapid` signs; the request goes the pinned way of the webhooks, because a browser's address is what a
stranger told us. A device that the push service no longer knows (404, 410) is forgotten; anything else is tried again.
"""

from __future__ import annotations

import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation

from guanjia import clock
from guanjia.people.models import Person
from guanjia.tenancy.scope import estate_scope

from .addresses import BadAddress, NotFound, resolve
from .models import Channel, Delivery, Device, PushKey
from .ports import NotSent
from .saying import messages

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

TIMEOUT = httpx.Timeout(8.0, connect=4.0)
PATIENCE = 40.0  # seconds for a batch
AT_ONCE = 8
LIFE = {True: 4 * 3600, False: 24 * 3600}  # seconds a push service keeps it for a phone that is off: urgent, others
TOKEN = 12 * 3600  # seconds a signature is good for; at most a day (RFC 8292)
TIRED = 20  # failures in a row: as good as gone


@dataclass(frozen=True, eq=False)
class Letter:
    """All that one request needs; threads touch no database."""

    device: int
    endpoint: str
    body: bytes
    headers: dict[str, str]


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def push_key() -> PushKey:
    """The installation's key, made when it is first asked for."""
    row = PushKey.objects.first()
    if row is None:
        from cryptography.hazmat.primitives import serialization as form
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()).decode()
        public = key.public_key().public_bytes(form.Encoding.X962, form.PublicFormat.UncompressedPoint)
        try:
            with transaction.atomic():
                row = PushKey.objects.create(private=private, public=b64(public), made_at=clock.now())
        except IntegrityError:  # another process was faster
            row = PushKey.objects.get()
    return row


def push(estate: Estate, rows: list[Delivery], now: datetime) -> dict[int, str | NotSent]:
    """Send each to every device of its reader; it is sent when one of them took it."""
    people = Person.objects.filter(is_active=True).in_bulk([row.person_id for row in rows if row.person_id])
    devices: dict[int, list[Device]] = {}
    for device in Device.objects.filter(person_id__in=people):
        devices.setdefault(device.person_id, []).append(device)
    key, answers, letters = push_key(), {}, {}
    for row in rows:
        person = people.get(row.person_id)
        if person is None or not devices.get(person.pk):
            answers[row.pk] = NotSent("no device", for_good=True)
            continue
        said = _said(estate, row, person)
        letters[row.pk] = [letter for device in devices[person.pk] if (letter := _letter(key, device, said, row, now))] if said else []
    return answers | _settle(_all_at_once([one for some in letters.values() for one in some]), letters)


def _said(estate: Estate, row: Delivery, person: Person) -> bytes:
    """Title, words and the page: in the reader's language. What a lock screen shows is what the inbox says."""
    with translation.override(person.language or settings.LANGUAGE_CODE), estate_scope(estate):
        found = messages([row])
        inbox = Delivery.objects.at_estate(estate).filter(event_id=row.event_id, person_id=person.pk, channel=Channel.INBOX).first()
    if not found:
        return b""
    url = reverse("notices:message", args=[estate.code, inbox.pk]) if inbox else reverse("notices:inbox", args=[estate.code])
    said = {"title": found[0].title, "body": f"{found[0].body}"[:300], "url": url, "tag": f"g-{row.pk}", "urgent": row.urgent}
    return json.dumps(said, ensure_ascii=False).encode()


def _letter(key: PushKey, device: Device, said: bytes, row: Delivery, now: datetime) -> Letter | None:
    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec
    from py_vapid import Vapid02

    parts = urlsplit(device.endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(now.timestamp()) + TOKEN, "sub": _contact()}
    try:
        body = http_ece.encrypt(said, salt=os.urandom(16), private_key=ec.generate_private_key(ec.SECP256R1()), dh=raw(device.p256dh), auth_secret=raw(device.auth), version="aes128gcm")
    except Exception:  # whatever a stranger's key may be
        _failed(device.pk)
        return None
    headers = {
        **Vapid02.from_pem(key.private.encode()).sign(claims), "TTL": str(LIFE[row.urgent]), "Urgency": "high" if row.urgent else "normal",
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
    }  # fmt: skip
    return Letter(device.pk, device.endpoint, body, headers)


def _contact() -> str:
    """Whom a push service may write to; it asks for an address."""
    site = next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    return site if site.startswith("https://") else f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].strip('> ') or 'guanjia@localhost'}"


def send(one: Letter) -> int:
    """POST it; the HTTP status. Redirects are not followed."""
    try:
        pinned = resolve(one.endpoint)
    except BadAddress as bad:
        raise NotSent(str(bad), for_good=not isinstance(bad, NotFound)) from bad
    parts = urlsplit(one.endpoint)
    there = f"[{pinned}]" if ":" in pinned else pinned
    target = urlunsplit((parts.scheme, there + (f":{parts.port}" if parts.port else ""), parts.path or "/", parts.query, ""))
    extensions = {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
            answer = client.post(target, content=one.body, headers={**one.headers, "Host": parts.netloc.rpartition("@")[2]}, extensions=extensions)
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        raise NotSent(f"{type(failed).__name__}: {failed}") from failed
    return answer.status_code


def _all_at_once(letters: list[Letter]) -> dict[Letter, int | NotSent]:
    if not letters:
        return {}
    pool = ThreadPoolExecutor(max_workers=AT_ONCE)
    futures = {pool.submit(send, one): one for one in letters}
    done, late = wait(futures, timeout=PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)
    answers: dict[Letter, int | NotSent] = {futures[future]: NotSent("no answer in time") for future in late}
    for future in done:
        failed = future.exception()
        answers[futures[future]] = future.result() if failed is None else failed if isinstance(failed, NotSent) else NotSent(repr(failed))
    return answers


def _settle(found: dict[Letter, int | NotSent], letters: dict[int, list[Letter]]) -> dict[int, str | NotSent]:
    """Forget devices that are gone; of the others what became of each delivery."""
    gone = {one.device for one, status in found.items() if status in (404, 410)}
    good = {one.device for one, status in found.items() if isinstance(status, int) and 200 <= status < 300}
    Device.objects.filter(pk__in=gone).delete()
    Device.objects.filter(pk__in=good, failures__gt=0).update(failures=0)
    for pk in {one.device for one in found} - gone - good:
        _failed(pk)
    answers: dict[int, str | NotSent] = {}
    for row, some in letters.items():
        states = [found[one] for one in some]
        taken = [state for state in states if isinstance(state, int) and 200 <= state < 300]
        again = [state for one, state in zip(some, states, strict=True) if one.device not in gone]
        for_good = not again or all((isinstance(state, NotSent) and state.for_good) or state in (400, 413) for state in again)
        answers[row] = str(taken[0]) if taken else NotSent(", ".join(f"HTTP {state}" if isinstance(state, int) else str(state) for state in states) or "no device", for_good=for_good)
    return answers


def _failed(pk: int) -> None:
    Device.objects.filter(pk=pk).update(failures=F("failures") + 1)
    Device.objects.filter(pk=pk, failures__gte=TIRED).delete()
