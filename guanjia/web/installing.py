"""What a phone needs to install the house: manifest, icons, and the service worker at the root of the address."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from django.http import HttpRequest

SIZES = (180, 192, 512)
HOUSE, SIGN = "#0f6b6b", "#ffffff"  # as icon.svg
DAY = 86_400


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """Built by ops/build_assets.py; asked for anew each time, so that a new version is taken at once."""
    found = finders.find("built/sw.js") or Path(settings.STATIC_ROOT) / "built" / "sw.js"
    try:
        text = Path(str(found)).read_text(encoding="utf-8")
    except OSError as missing:
        raise Http404 from missing
    return HttpResponse(
        text,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )


@require_GET
def manifest(_request: HttpRequest) -> JsonResponse:
    icons = [
        {
            "src": reverse("web:icon", args=[size]),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in SIZES[1:]
    ]
    said = {
        "name": _("管家"), "short_name": _("管家"), "start_url": "/", "scope": "/", "id": "/", "display": "standalone", "lang": "zh-CN",
        "background_color": "#f4f6f5", "theme_color": "#172f2e",
        "icons": [*icons, {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json", headers={"Cache-Control": f"max-age={DAY}"})


@require_GET
def icon(_request: HttpRequest, size: int) -> HttpResponse:
    if size not in SIZES:
        raise Http404
    return HttpResponse(_drawn(size), content_type="image/png", headers={"Cache-Control": f"public, max-age={DAY}"})


@cache
def _drawn(size: int) -> bytes:
    """The sign of icon.svg (64 units wide) to the edge, drawn four times as large for smooth lines."""
    scale = size * 4 / 64
    image = Image.new("RGB", (size * 4, size * 4), HOUSE)
    pen = ImageDraw.Draw(image)
    for line in (
        ((14, 31), (32, 16), (50, 31), (50, 52), (14, 52), (14, 31), (32, 16)),
        ((24, 37), (30, 43), (41, 31)),
    ):
        points = [(x * scale, y * scale) for x, y in line]
        pen.line(points, fill=SIGN, width=round(5 * scale), joint="curve")
        for x, y in points:
            pen.ellipse((x - 2.5 * scale, y - 2.5 * scale, x + 2.5 * scale, y + 2.5 * scale), fill=SIGN)
    buffer = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
