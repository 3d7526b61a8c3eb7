"""Idempotency keys: a request that may be sent again without being done again.

The key's row is claimed before the act and carries its answer after it, in the act's own transaction: whatever dies in
between leaves neither. A second request with the key waits for the first and gets the same answer. Only what was done
is remembered; a refused request may be tried again.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.models import Once

from .problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,80}")
KEPT = timedelta(days=30)

CLAIM = """
INSERT INTO events_once (estate_id, person_id, key, request, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (estate_id, person_id, key) DO NOTHING RETURNING id
"""


def once(request: Any, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do `act` unless this person already did it at this estate under the same key. Runs in the act's transaction."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not KEY.fullmatch(key):
        return problem(400, "bad_key", _("Idempotency-Key 须为 1 到 80 个可见字符。"))
    digest = fingerprint(request)
    mine = (request.estate.pk, request.reach.person_id, key)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [*mine, digest, clock.now()])
        claimed = cursor.fetchone()
    if claimed is None:
        return _again(Once.objects.at_estate(mine[0]).get(person_id=mine[1], key=key), digest)
    response = act()
    if response.status_code < 400:
        _keep(Once.objects.at_estate(mine[0]).filter(pk=claimed[0]), response, nameless=getattr(request, "nameless", False))
    return response


def fingerprint(request: Any) -> str:
    """What was asked: method, address and body. The parts of a form count, not the boundary between them."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, values in sorted(request.POST.lists()):
            digest.update(json.dumps([name, values]).encode())
        for name, uploads in sorted(request.FILES.lists()):
            for upload in uploads:
                digest.update(json.dumps([name, upload.name, upload.size]).encode())
                for chunk in upload.chunks():
                    digest.update(chunk)
                upload.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _keep(row: Any, response: HttpResponse, nameless: bool) -> None:
    """Remember the answer; of an anonymous complaint nothing that leads back to its reporter."""
    if nameless:
        row.delete()
        return
    answer = {"location": response.headers.get("Location", ""), "body": json.loads(response.content)}
    row.update(status=response.status_code, answer=answer)


def _again(known: Once, digest: str) -> HttpResponse:
    if known.request != digest:
        return problem(422, "key_reused", _("这个 Idempotency-Key 已用于另一个请求。"))
    answer: Any = known.answer
    response = JsonResponse(answer["body"], status=known.status, safe=False)
    if answer["location"]:
        response.headers["Location"] = answer["location"]
    response.headers["Idempotency-Replayed"] = "true"
    return response


def forget_answers(estate: Any, at: datetime | None = None) -> int:
    """Remove answers older than KEPT; returns how many. For the house's daily sweep."""
    gone, _each = Once.objects.at_estate(estate).filter(at__lt=(at or clock.now()) - KEPT).delete()
    return gone
