"""What a practice may put at the head of its invoices: one small PNG, which cannot run anything."""

import struct

MOST_BYTES = 40_000
MOST_PIXELS = 2000
SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">I4sII")


def flaw_of(image: bytes) -> str | None:
    """What is wrong with a picture, in words; None where its head says that it is one of ours.

    The head is that of PNG, 11.2.1 (W3C); that the rest can be read as well, typesetting tells.
    """
    if len(image) > MOST_BYTES:
        return f"is larger than {MOST_BYTES // 1000} kB"
    if not image.startswith(SIGNATURE) or len(image) < len(SIGNATURE) + HEADER.size:
        return "is not a PNG"
    length, kind, width, height = HEADER.unpack_from(image, len(SIGNATURE))
    if (length, kind) != (13, b"IHDR"):
        return "is not a PNG"
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        return f"is wider or higher than {MOST_PIXELS} pixels"
    return None
