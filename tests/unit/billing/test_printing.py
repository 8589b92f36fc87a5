"""The PDF of an invoice: what it says, that it may be archived, that it is always the same."""

import json
import struct
import subprocess
import sys
import zlib
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.billing.adapters.typesetting import Unprintable, check_picture, pdf_of
from services.billing.domain.logos import MOST_BYTES, flaw_of
from services.billing.domain.printable import RANGES, SIGNS, unprintable
from services.billing.operations.invoice_document import document_of
from services.billing.operations.invoice_sample import sample_of
from services.common.money import Money
from services.contracts.billing.invoice_settings import (
    Country,
    InvoiceSettingsView,
    Language,
    ServiceKind,
)
from services.contracts.billing.invoices import InvoiceKind, InvoiceView, Reference

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PRACTICE = UUID(int=7)


def png(width: int = 3, height: int = 2) -> bytes:
    """A red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xcc\0\0" * width) * height)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def sample(
    country: Country = Country.DE,
    language: Language = "de",
    kind: ServiceKind = ServiceKind.THERAPY,
    *,
    is_included: bool = True,
) -> InvoiceView:
    settings = InvoiceSettingsView(
        country=country,
        language=language,
        time_zone="Europe/Berlin",
        legal_name="Praxis Lindenbogen",
        address="Lindenbogen 14\n10961 Berlin",
        tax_id="DE136695976",
        legal_lines="Inhaberin: Renate Kolbinger",
        payment_days=14,
        usual_kind=kind,
        other_kinds=[],
        prices_include_tax=is_included,
        is_small_business=False,
        logo_digest=None,
    )
    return sample_of(PRACTICE, settings, NOW)


def read(pdf: bytes) -> str:
    """All its words, in the order in which they are read aloud."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).replace("\N{NO-BREAK SPACE}", " ").split())


def printed(seen: InvoiceView, logo: bytes | None = None) -> str:
    return read(pdf_of(document_of(seen, logo), NOW))


def test_a_german_invoice_of_therapy_names_the_law() -> None:
    """Who, to whom, what, when, how much, until when; dates and money as Germans write them."""
    text = printed(sample())
    told = (
        "Rechnung 2026-0001",
        "Praxis Lindenbogen",
        "USt-IdNr.: DE136695976",
        "Erika Mustermann Musterstraße 1 12345 Musterstadt",
        "Datum 30.11.2026",
        "Zahlbar bis 14.12.2026",
        "23.11.2026 Sitzung (50 Minuten) 1 100,00 0 % 100,00",
        "Gesamtbetrag 100,00 €",
        "§ 4 Nr. 14 UStG",
        "Inhaberin: Renate Kolbinger Seite 1 von 1",
    )
    assert [one for one in told if one not in text] == []


def test_a_british_invoice_of_coaching_charges_tax_on_top() -> None:
    """Net, the tax with its rate and base, the total."""
    text = printed(sample(Country.GB, "en", ServiceKind.COACHING, is_included=False))
    told = (
        "Invoice 2026-0001",
        "Please pay by 14 Dec 2026",
        "Session (50 minutes) 1 100.00 20% 100.00",
        "Net £100.00 20% VAT on £100.00 £20.00 Total £120.00",
        "Unit prices are without tax.",
    )
    assert [one for one in told if one not in text] == []


def test_an_australian_invoice_with_gst_is_a_tax_invoice() -> None:
    """As the law wants it called; without GST it is an invoice."""
    text = printed(sample(Country.AU, "en", ServiceKind.COACHING))
    assert "Tax invoice 2026-0001" in text
    assert "Net $90.91 10% GST on $90.91 $9.09 Total $100.00" in text
    assert "Tax invoice" not in printed(sample(Country.AU, "en"))


def test_a_receipt_says_that_nothing_is_left_to_pay() -> None:
    """And when it was paid."""
    receipt = {"kind": InvoiceKind.RECEIPT, "due_on": None, "paid_on": date(2026, 11, 20)}
    text = printed(sample(language="en").model_copy(update=receipt))
    assert "Receipt 2026-0001" in text
    assert "Paid on 20 Nov 2026" in text
    assert "Paid €100.00 Left to pay €0.00" in text


def test_a_credit_note_names_its_invoice_and_is_below_zero() -> None:
    """With the reason, and no date to pay by."""
    less = Money(-10_000, "EUR")
    seen = sample()
    line = seen.lines[0].model_copy(update={"unit_price": less, "net": less, "gross": less})
    note = {
        "kind": InvoiceKind.CREDIT_NOTE,
        "number": "2026-0002",
        "due_on": None,
        "credits": Reference(id=UUID(int=1), number="2026-0001"),
        "reason": "Falsche Anschrift",
        "lines": [line],
        "total": less,
    }
    text = printed(seen.model_copy(update=note))
    assert "Stornorechnung 2026-0002" in text
    assert "Zu Rechnung 2026-0001 Grund Falsche Anschrift" in text
    assert "Gesamtbetrag -100,00 €" in text


def test_it_is_pdf_a_with_tags_and_a_language() -> None:
    """PDF/A-2a in its metadata, a tree of structure, the pictures with words beside them."""
    reader = PdfReader(BytesIO(pdf_of(document_of(sample(), png()), NOW)))
    xmp = reader.xmp_metadata
    assert xmp is not None
    claim = xmp.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in claim
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in claim
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == "Rechnung 2026-0001"
    assert reader.metadata.creation_date == NOW


PRINT = """
import json, sys
from datetime import UTC, datetime
from hashlib import sha256
from services.billing.adapters.typesetting import pdf_of
document = json.loads(sys.stdin.read())
print(sha256(pdf_of(document, datetime(2026, 11, 30, 12, tzinfo=UTC))).hexdigest())
"""


def test_two_processes_print_the_same_bytes() -> None:
    """The twin: another second of issue, or another word, is another file."""
    document = document_of(sample(), png())
    told = [
        subprocess.run(
            [sys.executable, "-c", PRINT],
            input=json.dumps(document),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for _ in range(2)
    ]
    assert told == [sha256(pdf_of(document, NOW)).hexdigest()] * 2
    later = pdf_of(document, NOW.replace(second=1))
    other = pdf_of(document | {"title": "Rechnungen"}, NOW)
    assert not {sha256(one).hexdigest() for one in (later, other)} & set(told)


def test_what_counts_as_printable_can_be_printed() -> None:
    """Every character that is let in, in both weights."""
    every = [chr(code) for first, last in RANGES for code in range(first, last + 1)]
    words = "".join([*every, *sorted(SIGNS - {"\n"})])
    document = document_of(sample().model_copy(update={"issuer_name": words}), None)
    assert pdf_of(document, NOW)
    assert unprintable(words) == ""


def test_what_does_not_count_as_printable_cannot_be_printed() -> None:
    """The twin: the typesetter refuses what the rule refuses, and does not quote it."""
    assert unprintable("Łódź, Đỗ, Ωμέγα, Привет") == ""
    assert unprintable("李小龍 李") == "李小龍"
    strange = sample().model_copy(update={"recipient_name": "李"})
    with pytest.raises(Unprintable) as refused:
        pdf_of(document_of(strange, None), NOW)
    assert "李" not in str(refused.value)


def test_what_people_type_is_no_markup() -> None:
    """Typst's signs stay signs."""
    wild = '#import "x": *  $a$ _b_ *c* \\ [d] "e" <f> @g // h'
    assert wild.split() == [
        word
        for word in printed(sample().model_copy(update={"recipient_name": wild})).split()
        if word in wild.split()
    ]


def test_a_logo_is_a_small_png() -> None:
    """Other kinds of files, none at all, and pictures beyond all bounds are refused."""
    assert flaw_of(png()) is None
    assert flaw_of(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "is not a PNG"
    assert flaw_of(b"") == flaw_of(png()[:12]) == "is not a PNG"
    assert flaw_of(png()[:8] + bytes(30)) == "is not a PNG"
    assert flaw_of(png(2001, 1)) == "is wider or higher than 2000 pixels"
    assert flaw_of(png() + bytes(MOST_BYTES)) == "is larger than 40 kB"


def test_a_picture_that_cannot_be_read_is_found() -> None:
    """Its head is right, and the rest is none."""
    check_picture(png(), NOW)
    with pytest.raises(Unprintable):
        check_picture(png()[:40] + bytes(20), NOW)
