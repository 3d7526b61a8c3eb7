"""Faces: a person's photo, re-encoded and square, shown to whoever belongs to the same estate or company."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from guanjia.tenancy.pictures import cleaned

if TYPE_CHECKING:
    from .models import Person

SIDE = 320  # px


def keep_face(person: Person, upload: Any) -> None:
    """Replace the person's photo; raise Refused when the file is no picture."""
    picture = cleaned(upload)
    with Image.open(picture.file) as image:
        square = ImageOps.fit(image.convert("RGB"), (SIDE, SIDE), centering=(0.5, 0.4))
    buffer = io.BytesIO()
    square.save(buffer, "JPEG", quality=85)
    old = person.photo.name
    person.photo.save(f"{person.pk}-{picture.digest[:12]}.jpg", ContentFile(buffer.getvalue()), save=False)
    person.save(update_fields=["photo"])
    if old and old != person.photo.name:
        person.photo.storage.delete(old)
