"""A signature drawn on the phone, made harmless."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused
from guanjia.tenancy.pictures import cleaned

from .answers import drawn


def picture_of(raw: Any) -> bytes:
    """The PNG of a data URL, encoded anew. Refused for anything that is no drawn signature."""
    try:
        content = drawn(raw)
    except ValueError:
        raise Refused(_("请在框内签名。"), code="signature_missing") from None
    return bytes(cleaned(SimpleUploadedFile("signature.png", content), transparent=True).file.read())
