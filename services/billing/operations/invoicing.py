"""Issuing invoices for what is owed, and receipts for what was paid."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.billing.domain import invoicing
from services.billing.domain.invoicing import Line
from services.billing.domain.taxes import Taxed
from services.billing.models import Invoice, InvoicedSession, InvoiceLineRow
from services.billing.operations.invoice_settings import (
    check_printable,
    kept_settings,
)
from services.billing.operations.invoice_settings import view as settings_view
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import billable, invoices
from services.common.auth import Actor
from services.common.database import constraint_of
from services.common.errors import DifferentContent, InvalidInput
from services.common.money import CurrencyMismatch
from services.contracts.billing.invoice_settings import InvoiceSettingsView
from services.contracts.billing.invoices import (
    MOST_LINES,
    AlreadyInvoiced,
    InvoiceKind,
    IssueInvoice,
    NotBillable,
)
from services.contracts.booking.billed import BilledSession

Sessions = dict[UUID, BilledSession]


def issue_invoice(
    around: Surroundings, command: IssueInvoice, *, actor: Actor, now: datetime
) -> UUID:
    """Issue it under the next number, or find that it was; its id.

    Raises Forbidden, NoInvoiceSettings, NotBillable, AlreadyInvoiced, DifferentContent,
    InvalidInput, ServiceUnavailable while booking is away.
    """
    practice_id = practice_of_keeper(actor)
    check_printable(
        recipient_name=command.recipient_name, recipient_address=command.recipient_address or ""
    )
    us = itself(practice_id, f"issue_invoice:{command.id}")
    told = around.booking.billed(list(dict.fromkeys(command.booking_ids)), us)
    sessions = {one.booking_id: one for one in told if one.client_id == command.client_id}
    try:
        with around.database.transaction(us) as tx:
            _issue(tx, practice_id, command, sessions, now)
    except IntegrityError as error:
        raise _refusal(error) from error
    return command.id


def _issue(
    tx: Session, practice_id: UUID, command: IssueInvoice, sessions: Sessions, now: datetime
) -> None:
    kept = kept_settings(tx, practice_id)
    settings = settings_view(kept)
    today = today_in(settings, now)
    counter = invoices.lock_counter(tx, practice_id, today.year)
    if _is_issued(tx, practice_id, command):
        return
    lines = _lines(tx, practice_id, command, sessions, settings)
    counter.last_number += 1
    invoice = _invoice(practice_id, command, counter.last_number, lines, settings, now)
    invoice.logo_digest = kept.logo_digest
    invoice.account_id = _account_of(lines, sessions)
    tx.add(invoice)
    tx.flush()
    _write(tx, invoice, lines)


def _is_issued(tx: Session, practice_id: UUID, command: IssueInvoice) -> bool:
    """Whether this very invoice is there; raises DifferentContent where another one is."""
    known = invoices.found(tx, command.id)
    if known is None:
        return False
    one = known.invoice
    before = (one.kind, one.client_id, one.content["recipient_name"])
    address = one.content["recipient_address"]
    is_same = (
        before == (command.kind.value, command.client_id, command.recipient_name)
        and address == (command.recipient_address or "")
        and invoices.sessions(tx, practice_id, command.id) == set(command.booking_ids)
    )
    if not is_same:
        raise DifferentContent("This id is another invoice's.")
    return True


def _lines(
    tx: Session,
    practice_id: UUID,
    command: IssueInvoice,
    sessions: Sessions,
    settings: InvoiceSettingsView,
) -> list[Line]:
    """The lines in the order of the sessions; raises NotBillable for one without money."""
    listed = billable.paid if command.kind is InvoiceKind.RECEIPT else billable.owed
    claims = {
        one.booking_id: one
        for one in listed(tx, practice_id, command.client_id, command.booking_ids, MOST_LINES)
    }
    wanted = set(command.booking_ids)
    if wanted != claims.keys() & sessions.keys():
        raise NotBillable("Nothing was paid or is owed for one of the sessions.")
    ordered = sorted(wanted, key=lambda id_: (sessions[id_].starts_at, id_))
    return [invoicing.line_of(claims[id_], sessions[id_], settings) for id_ in ordered]


def _invoice(
    practice_id: UUID,
    command: IssueInvoice,
    number: int,
    lines: Sequence[Line],
    settings: InvoiceSettingsView,
    now: datetime,
) -> Invoice:
    today, sums = today_in(settings, now), _total(lines)
    is_receipt = command.kind is InvoiceKind.RECEIPT
    content = issuer_of(settings) | {
        "recipient_name": command.recipient_name,
        "recipient_address": command.recipient_address or "",
        "are_prices_with_tax": settings.prices_include_tax or is_receipt,
    }
    return Invoice(
        id=command.id,
        practice_id=practice_id,
        kind=command.kind.value,
        year=today.year,
        number=number,
        client_id=command.client_id,
        currency=sums.gross.currency,
        net=sums.net.amount,
        tax=sums.tax.amount,
        total=sums.gross.amount,
        issued_on=today,
        issued_at=now,
        due_on=None if is_receipt else today + timedelta(days=settings.payment_days),
        paid_on=_paid_on(lines, settings),
        content=content,
    )


def _paid_on(lines: Sequence[Line], settings: InvoiceSettingsView) -> date | None:
    """When the last of what a receipt is for was paid."""
    paid = [today_in(settings, one.paid_at) for one in lines if one.paid_at]
    return max(paid, default=None)


def issuer_of(settings: InvoiceSettingsView) -> dict[str, Any]:
    """What is printed beside lines and recipient of an invoice of sessions on account: it keeps
    that, whatever the settings become."""
    return {
        "country": settings.country.value,
        "language": settings.language,
        "issuer_name": settings.legal_name,
        "issuer_address": settings.address,
        "issuer_tax_id": settings.tax_id,
        "legal_lines": settings.legal_lines,
        "are_prices_with_tax": settings.prices_include_tax,
        "reason": "",
        "credits_number": "",
    }


def _write(tx: Session, invoice: Invoice, lines: Sequence[Line]) -> None:
    rows = [_row(invoice, position, one) for position, one in enumerate(lines, 1)]
    tx.execute(insert(InvoiceLineRow), rows)
    places = [
        {
            "practice_id": invoice.practice_id,
            "invoice_id": invoice.id,
            "booking_id": one.booking_id,
        }
        for one in lines
    ]
    tx.execute(insert(InvoicedSession), places)


def _row(invoice: Invoice, position: int, line: Line) -> dict[str, Any]:
    return {
        "practice_id": invoice.practice_id,
        "invoice_id": invoice.id,
        "position": position,
        "booking_id": line.booking_id,
        "words": line.words,
        "session_on": line.session_on,
        "quantity": 1,
        "unit_price": line.unit_price.amount,
        "tax_rule": line.treatment.rule.value,
        "tax_basis_points": line.treatment.basis_points,
        "net": line.amounts.net.amount,
        "tax": line.amounts.tax.amount,
        "gross": line.amounts.gross.amount,
    }


def _account_of(lines: Sequence[Line], sessions: Sessions) -> UUID | None:
    """Whose page shows it: the one account that booked, where there is exactly one."""
    accounts = {sessions[one.booking_id].account_id for one in lines} - {None}
    return accounts.pop() if len(accounts) == 1 else None


def _total(lines: Sequence[Line]) -> Taxed:
    try:
        return invoicing.total(lines)
    except CurrencyMismatch:
        told = {"booking_ids": "are in several currencies"}
        raise InvalidInput("An invoice has one currency.", told) from None


def today_in(settings: InvoiceSettingsView, now: datetime) -> date:
    """The date of issue, by the practice's clock."""
    return now.astimezone(ZoneInfo(settings.time_zone)).date()


def _refusal(error: IntegrityError) -> Exception:
    if constraint_of(error) == "invoiced_sessions_one_standing":
        return AlreadyInvoiced("One of the sessions is on an invoice already.")
    if constraint_of(error) == "invoices_pkey":
        return DifferentContent("This id is another invoice's.")
    return error
