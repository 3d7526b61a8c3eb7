"""Webhooks: JSON, signed, to public addresses only, under the delivery's id."""

from __future__ import annotations

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.utils import translation

from guanjia.events.models import Event
from guanjia.tenancy.scope import estate_scope

from .addresses import BadAddress, NotFound, resolve
from .models import Subscription
from .ports import NotSent

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

    from .models import Delivery

TIMEOUT = httpx.Timeout(5.0, connect=3.0)
PATIENCE = 30.0  # seconds for a batch; who dribbles longer is asked again later
AT_ONCE = 8


@dataclass(frozen=True)
class Parcel:
    """All that one request needs; threads touch no database."""

    url: str
    key: str
    body: bytes
    signature: str


def post(estate: Estate, rows: list[Delivery], now: datetime) -> dict[int, str | NotSent]:
    """Send each to its subscription, several at once; the answer is the HTTP status."""
    with estate_scope(estate):
        events = Event.objects.at_estate(estate).in_bulk([row.event_id for row in rows])
        hooks = Subscription.objects.at_estate(estate).in_bulk([row.subscription_id for row in rows])
    parcels, answers = {}, {}
    for row in rows:
        event, hook = events.get(row.event_id), hooks.get(row.subscription_id)
        if event is None or hook is None or not hook.active:
            answers[row.pk] = NotSent("the subscription rests", for_good=True)
            continue
        parcels[row.pk] = parcel(hook, str(row.pk), contents(estate, event), now)
    return answers | _all_at_once(parcels)


def contents(estate: Estate, event: Event) -> dict[str, Any]:
    """What the other side reads, without its id. The sentence is in the house's language."""
    with translation.override(settings.LANGUAGE_CODE):
        sentence = event.sentence
    return {
        "action": event.action, "at": event.at.isoformat(), "estate": estate.code,
        "subject": {"type": event.subject_type, "id": event.subject_id}, "particulars": event.particulars, "sentence": sentence,
    }  # fmt: skip


def parcel(hook: Subscription, key: str, said: dict[str, Any], now: datetime) -> Parcel:
    body = json.dumps({"id": key, **said}, ensure_ascii=False).encode()
    return Parcel(hook.url, key, body, sign(body, hook.secrets(now), int(now.timestamp())))


def sign(body: bytes, secrets: list[str], timestamp: int) -> str:
    """`t=1700000000,v1=…`: HMAC-SHA256 over `<t>.<body>`, once for each secret that is good."""
    macs = [
        hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest() for secret in secrets
    ]
    return ",".join([f"t={timestamp}", *(f"v1={mac}" for mac in macs)])


def send(one: Parcel) -> str:
    """POST it; 2xx is taken, 410 means never again, anything else is tried again. Redirects are not followed."""
    try:
        pinned = resolve(one.url)
    except BadAddress as bad:
        raise NotSent(str(bad), for_good=not isinstance(bad, NotFound)) from bad
    parts = urlsplit(one.url)
    host = parts.netloc.rpartition("@")[2]
    there = f"[{pinned}]" if ":" in pinned else pinned
    target = urlunsplit(
        (parts.scheme, there + (f":{parts.port}" if parts.port else ""), parts.path or "/", parts.query, "")
    )
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "User-Agent": "Guanjia",
        "Guanjia-Id": one.key,
        "Guanjia-Signature": one.signature,
    }
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
            extensions = {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}
            with client.stream("POST", target, content=one.body, headers=headers, extensions=extensions) as answer:
                status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        raise NotSent(f"{type(failed).__name__}: {failed}") from failed
    if not 200 <= status < 300:
        raise NotSent(f"HTTP {status}", for_good=status == 410)
    return str(status)


def _all_at_once(parcels: dict[int, Parcel]) -> dict[int, str | NotSent]:
    if not parcels:
        return {}
    pool = ThreadPoolExecutor(max_workers=AT_ONCE)
    futures = {pool.submit(send, one): pk for pk, one in parcels.items()}
    done, late = wait(futures, timeout=PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)
    answers: dict[int, str | NotSent] = {futures[future]: NotSent("no answer in time") for future in late}
    for future in done:
        failed = future.exception()
        answers[futures[future]] = (
            future.result() if failed is None else failed if isinstance(failed, NotSent) else NotSent(repr(failed))
        )
    return answers
