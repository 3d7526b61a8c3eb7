"""Making an uploaded picture harmless: decoded, turned upright, stripped of EXIF, encoded anew."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from guanjia.tenancy.errors import Refused

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
SIDE = 1600  # px, the longer side
FORMATS = ("JPEG", "PNG", "WEBP", "MPO", "AVIF")


@dataclass(frozen=True)
class Picture:
    file: ContentFile
    digest: str
    width: int
    height: int
    suffix: str


def cleaned(upload: Any, *, transparent: bool = False) -> Picture:
    """Re-encode a picture as JPEG (or PNG when `transparent`); raise Refused, naming the file, when it is none."""
    name = getattr(upload, "name", "")
    if upload.size > MOST_BYTES:
        raise Refused(_("照片 %(name)s 太大（上限 15 MB）。") % {"name": name}, code="photo_too_big")
    try:
        with Image.open(upload, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused(_("照片 %(name)s 像素过多。") % {"name": name}, code="photo_too_big")
            image = ImageOps.exif_transpose(opened)
            image.thumbnail((SIDE, SIDE))
            image = image.convert("RGBA" if transparent else "RGB")
    except Refused:
        raise
    except Exception as error:  # Pillow raises many kinds on hostile files; all mean the same to the sender
        raise Refused(_("%(name)s 不是可识别的照片（支持 JPG、PNG、WebP）。") % {"name": name}, code="not_a_photo") from error
    buffer = io.BytesIO()
    if transparent:
        image.save(buffer, "PNG", optimize=True)
    else:
        image.save(buffer, "JPEG", quality=82, optimize=True)
    content = buffer.getvalue()
    return Picture(ContentFile(content), hashlib.sha256(content).hexdigest(), image.width, image.height, "png" if transparent else "jpg")
