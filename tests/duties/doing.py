"""Duties and tasks for tests: laid down by hand, so that records are tested apart from generation."""

from __future__ import annotations

import base64
import io
import random
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from guanjia import clock
from guanjia.duties.models import Duty, Task
from guanjia.rulebooks.form_book import form

GOOD = "ok"


def duty(cast, key="pat_ovs_daily", form="patrol", scope="zone", proof=(), role="steward"):
    made, _new = Duty.objects.get_or_create(
        estate=cast.sunny, key=key,
        defaults={
            "book": "posts", "rows": ["PAT-03"], "cadence": "FREQ=DAILY", "role": role, "scope": scope, "form": form,
            "proof": list(proof), "during": (date(2025, 1, 1), None),
        },
    )  # fmt: skip
    return made


def task(cast, person="ming", *, opens=-120, due=240, slot="2026-03-10", subject=None, **more):
    """A task of a duty, its window in minutes from now. `subject` is a zone, unit, place or building; the east zone when absent."""
    subject = subject or cast.east
    kind = subject.noun
    links = {kind: subject} if kind in ("zone", "unit", "place", "building", "household") else {}
    if kind in ("unit", "place", "building"):
        links["zone"] = subject.zone
    now = clock.now()
    return Task.objects.create(
        estate=cast.sunny, duty=(held := duty(cast, **more)), key=held.key, slot=slot, day=date.fromisoformat(slot[:10]), subject_kind=kind,
        subject_id=subject.pk, opens_at=now + timedelta(minutes=opens), due_at=now + timedelta(minutes=due), role=held.role,
        person=getattr(cast, person) if person else None, made_at=now, **links,
    )  # fmt: skip


def answers(key="patrol", **changes):
    """Every required item of a form answered well."""
    good = {}
    for name, item in form(key).items.items():
        if item.kind == "members" and item.members:
            good[name] = list(item.members.choices)
        elif item.required:
            good[name] = {
                "check": GOOD, "choice": next((each for each in item.choices if each not in item.bad), ""), "number": item.least or 1,
                "amount": "1" if item.high is None else str(item.high),
                "score": item.most, "text": "都好", "mark": "", "photo": "", "signature": signature(), "members": [],
            }[item.kind]  # fmt: skip
    return good | {name.replace("__", "-"): value for name, value in changes.items()}


def photo(seed=1, quality=85, size=(320, 240), name="a.jpg"):
    """A picture with enough on it to be told from another."""
    dice = random.Random(seed)
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for _ in range(24):
        x, y = dice.random() * size[0], dice.random() * size[1]
        pen.rectangle(
            (x, y, x + size[0] * dice.random() / 2, y + size[1] * dice.random() / 2),
            fill=tuple(dice.randrange(256) for _ in "rgb"),
        )
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def signature():
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
