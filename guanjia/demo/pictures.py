"""Drawn, not photographed: a signature and a place, so that the demo needs no picture in the repository."""

from __future__ import annotations

import io
import random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw


def signature(dice: random.Random) -> ContentFile:
    """A scribble on transparent ground, as the signature pad sends it."""
    image = Image.new("RGBA", (320, 120), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    x, y = 20.0, 70.0
    for _ in range(26):
        step = (x + dice.uniform(4, 16), 60 + dice.uniform(-34, 34))
        pen.line([(x, y), step], fill=(20, 30, 60, 255), width=3)
        x, y = step
    return _file(image, "signature.png", "PNG")


def place(dice: random.Random, words: str) -> ContentFile:
    """A picture of a wall with a stain, good enough to see what a photo looks like on the page."""
    wall = tuple(dice.randint(190, 225) for _ in range(3))
    image = Image.new("RGB", (960, 720), wall)
    pen = ImageDraw.Draw(image)
    for row in range(0, 720, 120):
        pen.line([(0, row), (960, row)], fill=tuple(c - 14 for c in wall), width=3)
    for _ in range(40):
        x, y, r = dice.gauss(480, 130), dice.gauss(340, 90), dice.randint(20, 90)
        pen.ellipse([x - r, y - r * 0.7, x + r, y + r * 0.7], fill=tuple(max(0, c - dice.randint(18, 60)) for c in wall))
    return _file(image, "photo.jpg", "JPEG")


def corner(dice: random.Random) -> ContentFile:
    """A small picture of a room or a stairwell, no two alike: there are a thousand of them."""
    grain = Image.new("L", (12, 9))
    grain.putdata([dice.randint(70, 200) for _ in range(108)])
    tint = Image.new("RGB", (320, 240), tuple(dice.randint(150, 230) for _ in range(3)))
    image = Image.blend(tint, grain.resize((320, 240), Image.Resampling.BICUBIC).convert("RGB"), 0.45)
    pen = ImageDraw.Draw(image)
    floor, door = dice.randint(165, 205), dice.randint(20, 210)
    pen.rectangle([0, floor, 320, 240], fill=tuple(dice.randint(95, 135) for _ in range(3)))
    pen.rectangle([door, dice.randint(40, 80), door + dice.randint(50, 90), floor], fill=tuple(dice.randint(110, 160) for _ in range(3)), outline=(70, 70, 70))
    return _file(image, "photo.jpg", "JPEG")


def _file(image: Image.Image, name: str, kind: str) -> ContentFile:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return ContentFile(buffer.getvalue(), name)
