"""Invoices: found, listed, and numbered one after the other."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from services.billing.models import Invoice, InvoiceCounter, InvoicedSession, InvoiceFile
from services.billing.models import InvoiceLineRow as Line

CreditNote = aliased(Invoice)
Values = tuple[Any, ...]


class Found(NamedTuple):
    """An invoice, and the credit note that took it back."""

    invoice: Invoice
    credit_note: Invoice | None


class Wanted(NamedTuple):
    """Which invoices of a practice a list shows; `until_on` included."""

    kind: str | None = None
    client_id: UUID | None = None
    from_on: date | None = None
    until_on: date | None = None


def lock_counter(tx: Session, practice_id: UUID, year: int) -> InvoiceCounter:
    """The counter of a practice's year, kept from everybody else until the transaction ends.

    Whoever gives up gives the number back with it: so there is no gap.
    """
    fresh = {"practice_id": practice_id, "year": year, "last_number": 0}
    tx.execute(insert(InvoiceCounter).values(fresh).on_conflict_do_nothing())
    one = select(InvoiceCounter).where(
        InvoiceCounter.practice_id == practice_id, InvoiceCounter.year == year
    )
    return tx.execute(one.with_for_update()).scalar_one()


def found(tx: Session, invoice_id: UUID) -> Found | None:
    """An invoice where the policies show it to the transaction."""
    row = tx.execute(_listed().where(Invoice.id == invoice_id)).first()
    return _found(row) if row else None


def of_practice(
    tx: Session, practice_id: UUID, wanted: Wanted, after: tuple[int, int] | None, limit: int
) -> list[Found]:
    """The practice's after the number named, the latest first."""
    query = _listed().where(Invoice.practice_id == practice_id, *_filters(wanted))
    if after is not None:
        place = tuple_(literal(after[0]), literal(after[1]))
        query = query.where(tuple_(Invoice.year, Invoice.number) < place)
    ordered = query.order_by(Invoice.year.desc(), Invoice.number.desc())
    return [_found(row) for row in tx.execute(ordered.limit(limit))]


def of_account(
    tx: Session, account_id: UUID, after: tuple[Any, UUID] | None, limit: int
) -> list[Found]:
    """Those of an account in all practices, the latest first."""
    query = _listed().where(Invoice.account_id == account_id)
    if after is not None:
        place = tuple_(literal(after[0]), literal(after[1]))
        query = query.where(tuple_(Invoice.issued_at, Invoice.id) < place)
    ordered = query.order_by(Invoice.issued_at.desc(), Invoice.id.desc())
    return [_found(row) for row in tx.execute(ordered.limit(limit))]


def latest_of_client(tx: Session, practice_id: UUID, client_id: UUID) -> Invoice | None:
    """The last one that was issued to a client."""
    query = select(Invoice).where(
        Invoice.practice_id == practice_id, Invoice.client_id == client_id
    )
    return tx.scalars(query.order_by(Invoice.issued_at.desc()).limit(1)).first()


def lines(tx: Session, practice_id: UUID, invoice_id: UUID) -> Sequence[Line]:
    """The lines of an invoice, in their order."""
    query = select(Line).where(Line.practice_id == practice_id, Line.invoice_id == invoice_id)
    return tx.scalars(query.order_by(Line.position)).all()


def sessions(tx: Session, practice_id: UUID, invoice_id: UUID) -> set[UUID]:
    """The bookings that an invoice was issued for."""
    query = select(Line.booking_id).where(
        Line.practice_id == practice_id, Line.invoice_id == invoice_id
    )
    return set(tx.scalars(query))


def let_sessions_go(tx: Session, practice_id: UUID, invoice_id: UUID, credit_note_id: UUID) -> None:
    """Take the sessions off an invoice that a credit note took back."""
    theirs = (InvoicedSession.practice_id == practice_id, InvoicedSession.invoice_id == invoice_id)
    tx.execute(update(InvoicedSession).where(*theirs).values(credit_note_id=credit_note_id))


def file(tx: Session, practice_id: UUID, invoice_id: UUID) -> Row[*tuple[str, bytes]] | None:
    """Digest and bytes of an invoice's PDF, once it was made."""
    query = select(InvoiceFile.digest, InvoiceFile.pdf).where(
        InvoiceFile.practice_id == practice_id, InvoiceFile.invoice_id == invoice_id
    )
    return tx.execute(query).first()


def _listed() -> Select[*Values]:
    taken_back = and_(
        CreditNote.practice_id == Invoice.practice_id, CreditNote.credits_id == Invoice.id
    )
    return select(Invoice, CreditNote).outerjoin(CreditNote, taken_back)


def _found(row: Row[*Values]) -> Found:
    return Found(row[0], row[1])


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    compared: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
        (wanted.kind, Invoice.kind.__eq__),
        (wanted.client_id, Invoice.client_id.__eq__),
        (wanted.from_on, Invoice.issued_on.__ge__),
        (wanted.until_on, Invoice.issued_on.__le__),
    ]
    return [compare(value) for value, compare in compared if value is not None]
