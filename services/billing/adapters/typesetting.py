"""Typst, the typesetter: from what an invoice says to the bytes of a PDF.

The same document gives the same bytes in every process (docs/adr/0036): typefaces are our own
files, the machine's are not looked at, the date of making is that of the document.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PICTURE = b"""#set document(title: "-")
#image(bytes(json(bytes(sys.inputs.png))), format: "png", alt: "-")
"""
STANDARD: Final = "a-2a"
"""PDF/A-2a: archivable, and readable aloud (ISO 19005-2, level A)."""


class Unprintable(ValueError):
    """The typesetter cannot make it: a picture that is none, a character without a shape."""


def pdf_of(document: Mapping[str, Any], made_at: datetime) -> bytes:
    """The PDF of an invoice, made at that instant; raises Unprintable."""
    source = (TEMPLATES / "invoice.typ").read_bytes()
    return _compiled(source, {"invoice": json.dumps(document)}, made_at)


def check_picture(png: bytes, made_at: datetime) -> None:
    """Raises Unprintable where a picture cannot be printed."""
    _compiled(PICTURE, {"png": json.dumps(list(png))}, made_at)


def _compiled(source: bytes, told: dict[str, str], made_at: datetime) -> bytes:
    compiler = typst.Compiler(font_paths=_typefaces(), root=TEMPLATES)
    try:
        made = compiler.compile(
            source,
            format="pdf",
            sys_inputs=told,
            pdf_standards=[STANDARD],
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError:
        # its text would quote what stands in the document
        raise Unprintable("the document cannot be printed") from None
    assert isinstance(made, bytes)
    return made


@cache
def _typefaces() -> typst.Fonts:
    """Read once a process."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[TEMPLATES / "typefaces"],
    )
