"""Making an uploaded paper harmless: a picture is encoded anew, a PDF is looked through; nothing else is kept."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from .errors import Refused
from .pictures import cleaned

MOST_BYTES = 20 * 1024 * 1024
# What a PDF may not bring along: it would act when it is opened.
ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|XFA|RichMedia|AA)(?![A-Za-z0-9])")
STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
HIDDEN = re.compile(rb"#([0-9A-Fa-f]{2})")


def harmless(upload: Any) -> tuple[bytes, str]:
    """What is kept of an upload, and its suffix. Raises Refused for what is neither picture nor PDF, or too big."""
    if upload.size > MOST_BYTES:
        raise Refused(_("文件太大（上限 20 MB）。"), code="too_big")
    content = upload.read()
    if not content.startswith(b"%PDF-"):
        upload.seek(0)
        picture = cleaned(upload)
        return picture.file.read(), picture.suffix
    if b"%%EOF" not in content[-2048:] or _acts(content):
        raise Refused(_("这个 PDF 不完整或带有可执行内容，请重新扫描或拍照上传。"), code="unsafe_pdf")
    return content, "pdf"


def _acts(content: bytes) -> bool:
    """Whether a PDF names something that acts. Names may be written with #xx; the streams between are data."""
    outside = STREAM.sub(b"", content)
    plain = HIDDEN.sub(lambda found: bytes([int(found[1], 16)]), outside)
    return bool(ACTIVE.search(plain))
