"""Which characters an invoice can be printed with: those of its typeface, in both weights.

PDF/A (ISO 19005-2, 6.2.11.8) lets no character stand that the typeface does not have. Names in
other scripts are written in Latin letters, as in a passport.
"""

RANGES = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x17E),
    (0x218, 0x21B),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x45F),
    (0x1EA0, 0x1EF9),
)
SIGNS = frozenset("\n–—‘’‚“”„•…€")
"""Beside the ranges: line ends, dashes, quotation marks, the euro."""


def unprintable(text: str) -> str:
    """The characters of a text that cannot be printed, each once, in their order."""
    return "".join(dict.fromkeys(one for one in text if not _is_printable(one)))


def _is_printable(character: str) -> bool:
    code = ord(character)
    return character in SIGNS or any(first <= code <= last for first, last in RANGES)
