"""The PDF of an invoice: made when it is asked for first, then kept as it is (docs/adr/0036)."""

import base64
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.billing.adapters import typesetting
from services.billing.models import InvoiceFile
from services.billing.operations import invoice_reading
from services.billing.operations.invoice_document import document_of
from services.billing.operations.invoice_sample import sample_of
from services.billing.operations.invoice_settings import kept_settings
from services.billing.operations.invoice_settings import view as settings_view
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import invoice_settings, invoices
from services.common.auth import Actor
from services.contracts.billing.invoices import GetInvoiceFile, InvoiceFileView, InvoiceView

#: Runs a function off the event loop, for typesetting keeps a processor busy.
Aside = Callable[..., Any]


def get_invoice_file(
    around: Surroundings, command: GetInvoiceFile, *, actor: Actor, now: datetime, aside: Aside
) -> InvoiceFileView:
    """The PDF of an invoice that the actor may see; raises NotFound.

    It is made with no transaction open. Two who make it at once make the same bytes, and the
    first to keep them has the last word.
    """
    seen = invoice_reading.get_invoice(around, command.invoice_id, actor=actor)
    us = itself(seen.practice_id, f"get_invoice_file:{seen.id}")
    with around.database.reading(us) as tx:
        kept = invoices.file(tx, seen.practice_id, seen.id)
        logo, issued_at = (None, now) if kept else _made_of(tx, seen)
    if kept is None:
        pdf = aside(typesetting.pdf_of, document_of(seen, logo), issued_at)
        with around.database.transaction(us) as tx:
            _keep(tx, seen, pdf, now)
            kept = invoices.file(tx, seen.practice_id, seen.id)
    assert kept is not None
    return told(f"{seen.kind.value.replace('_', '-')}-{seen.number}.pdf", kept.digest, kept.pdf)


def preview_invoice(
    around: Surroundings, *, actor: Actor, now: datetime, aside: Aside
) -> InvoiceFileView:
    """A PDF by the practice's present settings; raises Forbidden, NoInvoiceSettings."""
    practice_id = practice_of_keeper(actor)
    with around.database.reading(actor) as tx:
        kept = kept_settings(tx, practice_id)
        logo = logo_of(tx, practice_id, kept.logo_digest)
    sample = sample_of(practice_id, settings_view(kept), now)
    pdf = aside(typesetting.pdf_of, document_of(sample, logo), now)
    return told("preview.pdf", sha256(pdf).hexdigest(), pdf)


def _made_of(tx: Session, seen: InvoiceView) -> tuple[bytes | None, datetime]:
    """The logo as it was at the issue, and the moment of it."""
    found = invoices.found(tx, seen.id)
    assert found is not None
    logo = logo_of(tx, seen.practice_id, found.invoice.logo_digest)
    return logo, found.invoice.issued_at


def logo_of(tx: Session, practice_id: UUID, digest: str | None) -> bytes | None:
    """A picture by its digest; None for none."""
    return invoice_settings.logo(tx, practice_id, digest) if digest else None


def _keep(tx: Session, seen: InvoiceView, pdf: bytes, now: datetime) -> None:
    row = {
        "practice_id": seen.practice_id,
        "invoice_id": seen.id,
        "digest": sha256(pdf).hexdigest(),
        "pdf": pdf,
        "made_at": now,
    }
    tx.execute(insert(InvoiceFile).values(row).on_conflict_do_nothing())


def told(name: str, digest: str, pdf: bytes) -> InvoiceFileView:
    """A file, for the wire."""
    return InvoiceFileView(name=name, digest=digest, pdf=base64.b64encode(pdf).decode())
