"""Taking invoices back by credit notes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.billing.domain.invoicing import number_label
from services.billing.models import Invoice, InvoiceLineRow
from services.billing.operations.invoice_settings import check_printable, kept_settings
from services.billing.operations.invoice_settings import view as settings_view
from services.billing.operations.invoicing import today_in
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import invoices
from services.common.auth import Actor
from services.common.database import constraint_of
from services.common.errors import DifferentContent, NotFound
from services.contracts.billing.invoice_settings import InvoiceSettingsView
from services.contracts.billing.invoices import (
    AlreadyCredited,
    CreditInvoice,
    InvoiceKind,
    NotCreditable,
)


def credit_invoice(tx: Session, command: CreditInvoice, *, actor: Actor, now: datetime) -> UUID:
    """Take an invoice back whole; the credit note's id.

    Its amounts are the invoice's below zero, tax by tax, so that both sum to nothing. Raises
    Forbidden, NotFound, AlreadyCredited, NotCreditable, DifferentContent.
    """
    practice_id = practice_of_keeper(actor)
    check_printable(reason=command.reason)
    known = invoices.found(tx, command.invoice_id)
    if known is None or known.invoice.practice_id != practice_id:
        raise NotFound("There is no such invoice.")
    settings = settings_view(kept_settings(tx, practice_id))
    year = today_in(settings, now).year
    counter = invoices.lock_counter(tx, practice_id, year)
    if _is_credited(tx, practice_id, command):
        return command.id
    if known.invoice.kind == InvoiceKind.CREDIT_NOTE:
        raise NotCreditable("A credit note cannot be taken back.")
    counter.last_number += 1
    note = _credit_note(known.invoice, command, counter.last_number, settings, now)
    _add(tx, note)
    rows = [_mirrored(one, note.id) for one in invoices.lines(tx, practice_id, command.invoice_id)]
    tx.execute(insert(InvoiceLineRow), rows)
    invoices.let_sessions_go(tx, practice_id, command.invoice_id, note.id)
    return note.id


def _is_credited(tx: Session, practice_id: UUID, command: CreditInvoice) -> bool:
    """Whether this very credit note is there; raises where another one is."""
    known = invoices.found(tx, command.id)
    if known is not None and (known.invoice.practice_id, known.invoice.credits_id) == (
        practice_id,
        command.invoice_id,
    ):
        return True
    if known is not None:
        raise DifferentContent("This id is another invoice's.")
    credited = invoices.found(tx, command.invoice_id)
    if credited is not None and credited.credit_note is not None:
        raise AlreadyCredited("This invoice was taken back already.")
    return False


def _credit_note(
    invoice: Invoice,
    command: CreditInvoice,
    number: int,
    settings: InvoiceSettingsView,
    now: datetime,
) -> Invoice:
    """What the invoice said, with the amounts below zero, under a number of its own."""
    today = today_in(settings, now)
    credited = number_label(invoice.year, invoice.number)
    told = {
        "reason": command.reason,
        "credits_number": credited,
        "credits_kind": invoice.kind,
    }
    return Invoice(
        id=command.id,
        practice_id=invoice.practice_id,
        kind=InvoiceKind.CREDIT_NOTE.value,
        year=today.year,
        number=number,
        client_id=invoice.client_id,
        account_id=invoice.account_id,
        currency=invoice.currency,
        net=-invoice.net,
        tax=-invoice.tax,
        total=-invoice.total,
        issued_on=today,
        issued_at=now,
        credits_id=invoice.id,
        logo_digest=invoice.logo_digest,
        content=invoice.content | told,
    )


def _add(tx: Session, note: Invoice) -> None:
    """Write it; at the turn of a year two may not see each other before the database does."""
    try:
        tx.add(note)
        tx.flush()
    except IntegrityError as error:
        if constraint_of(error) == "invoices_credited_once":
            raise AlreadyCredited("This invoice was taken back already.") from error
        raise


def _mirrored(line: InvoiceLineRow, note_id: UUID) -> dict[str, Any]:
    """A line of an invoice on its credit note."""
    same = ("practice_id", "position", "booking_id", "words", "session_on", "quantity")
    kept = {name: getattr(line, name) for name in (*same, "tax_rule", "tax_basis_points")}
    negative = {name: -getattr(line, name) for name in ("unit_price", "net", "tax", "gross")}
    return kept | negative | {"invoice_id": note_id}
