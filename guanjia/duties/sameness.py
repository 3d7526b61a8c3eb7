"""Whether a photo was used before: by its bytes, and by how it looks (a difference hash on Pillow)."""

from __future__ import annotations

from PIL import Image

WIDE, HIGH = 9, 8  # one bit for each pixel that is brighter than its left neighbour
ALIKE = 5  # bits of 64 that may differ: saved again, scaled, a little brighter
PLAIN = 6  # fewer edges than this say nothing: a white wall, a night sky


def looks_of(upload: object) -> int | None:
    """A picture's 64-bit difference hash as a signed bigint; None for one with next to nothing on it."""
    with Image.open(upload) as image:  # type: ignore[arg-type]  # any file that Pillow reads
        pixels = image.convert("L").resize((WIDE, HIGH), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(HIGH):
        for column in range(WIDE - 1):
            left, right = pixels[row * WIDE + column : row * WIDE + column + 2]
            bits = bits << 1 | (right > left + 2)
    if not PLAIN <= bits.bit_count() <= 64 - PLAIN:
        return None
    return bits - (1 << 64) if bits >> 63 else bits
