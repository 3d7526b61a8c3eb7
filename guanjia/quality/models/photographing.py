"""Photos: re-encoded, kept beside what they show."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from guanjia.tenancy.pictures import cleaned

from .item import Deduction, QualityPhoto

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 9


def keep_photos(shots: Iterable[Any], **of: Any) -> int:
    """`of` is deduction=, round= or evidence=. Refused, naming the file, when one is no picture."""
    owner = next(iter(of.values()))
    count = 0
    for shot in list(shots)[:MOST]:
        content = shot.upload.read()
        shot.upload.seek(0)
        picture = cleaned(shot.upload)
        photo = QualityPhoto(estate_id=owner.estate_id, digest=hashlib.sha256(content).hexdigest(), **of)
        photo.file.save(f"{owner.estate_id}-{type(owner).__name__.lower()}-{owner.pk}-{photo.digest[:16]}.{picture.suffix}", picture.file, save=False)
        photo.save(force_insert=True)
        count += 1
    return count


def same_photos(old: Deduction, new: Deduction) -> None:
    """A corrected deduction shows the photos it was made with."""
    QualityPhoto.objects.bulk_create(
        QualityPhoto(estate_id=new.estate_id, deduction=new, file=row.file.name, digest=row.digest) for row in old.photos.all()
    )
