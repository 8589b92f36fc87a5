"""Invoices as they are told: to their practice's money desk, and to their client."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain.invoice_words import percent_label, tax_name, tax_note
from services.billing.domain.invoicing import number_label
from services.billing.domain.taxes import TaxRule
from services.billing.models import Invoice, InvoiceLineRow
from services.billing.operations.cursors import cursor_of, place_of
from services.billing.operations.keepers import KEEPERS, practice_of_keeper
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import invoices
from services.billing.queries.invoices import Found, Wanted
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.billing.invoice_settings import Country
from services.contracts.billing.invoices import (
    InvoiceKind,
    InvoiceLine,
    InvoicesPage,
    InvoiceSummary,
    InvoiceView,
    ListInvoices,
    ListOwnInvoices,
    Reference,
    TaxLine,
)


def list_invoices(tx: Session, command: ListInvoices, *, actor: Actor) -> InvoicesPage:
    """A part of the practice's invoices; raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    wanted = Wanted(command.kind, command.client_id, command.from_on, command.until_on)
    after = place_of(command.cursor, int, int)
    found = invoices.of_practice(tx, practice_id, wanted, after, command.limit + 1)
    return _page(found, command.limit, lambda last: (last.year, last.number))


def list_own_invoices(tx: Session, command: ListOwnInvoices, *, actor: Actor) -> InvoicesPage:
    """A part of the invoices of who is signed in; raises Forbidden, BadCursor."""
    if actor.kind != "person" or actor.account_id is None:
        raise Forbidden("Please sign in first.")
    after = place_of(command.cursor, datetime.fromisoformat, UUID)
    found = invoices.of_account(tx, actor.account_id, after, command.limit + 1)
    return _page(found, command.limit, lambda last: (last.issued_at.isoformat(), last.id))


def get_invoice(around: Surroundings, invoice_id: UUID, *, actor: Actor) -> InvoiceView:
    """One invoice; raises NotFound for who may not see it."""
    with around.database.reading(actor) as tx:
        found = invoices.found(tx, invoice_id)
    if found is None or not _may_see(found.invoice, actor):
        raise NotFound("There is no such invoice.")
    practice_id = found.invoice.practice_id
    with around.database.reading(itself(practice_id, f"get_invoice:{invoice_id}")) as tx:
        again = invoices.found(tx, invoice_id)
        assert again is not None
        return view(again, invoices.lines(tx, practice_id, invoice_id))


def view(found: Found, lines: Sequence[InvoiceLineRow]) -> InvoiceView:
    """An invoice with its lines, for the wire."""
    one, content = found.invoice, found.invoice.content
    told = summary(found).model_dump()
    return InvoiceView(
        **told,
        country=content["country"],
        language=content["language"],
        issuer_name=content["issuer_name"],
        issuer_address=content["issuer_address"],
        issuer_tax_id=content["issuer_tax_id"],
        legal_lines=content["legal_lines"],
        recipient_address=content["recipient_address"],
        are_prices_with_tax=content["are_prices_with_tax"],
        lines=[_line(one, row) for row in lines],
        taxes=_taxes(one, lines),
        net=one.money(one.net),
        tax=one.money(one.tax),
        due_on=one.due_on,
        paid_on=one.paid_on,
        credits=_credited(one),
        reason=content["reason"],
    )


def summary(found: Found) -> InvoiceSummary:
    """An invoice in a list, for the wire."""
    one, note = found
    return InvoiceSummary(
        id=one.id,
        practice_id=one.practice_id,
        practice_name=one.content["issuer_name"],
        kind=InvoiceKind(one.kind),
        number=number_label(one.year, one.number),
        issued_on=one.issued_on,
        client_id=one.client_id,
        recipient_name=one.content["recipient_name"],
        total=one.money(one.total),
        credited_by=note and Reference(id=note.id, number=number_label(note.year, note.number)),
    )


def _credited(one: Invoice) -> Reference | None:
    if one.credits_id is None:
        return None
    return Reference(id=one.credits_id, number=one.content["credits_number"])


def _line(invoice: Invoice, row: InvoiceLineRow) -> InvoiceLine:
    return InvoiceLine(
        booking_id=row.booking_id,
        words=row.words,
        session_on=row.session_on,
        quantity=row.quantity,
        unit_price=invoice.money(row.unit_price),
        tax_percent=percent_label(row.tax_basis_points),
        net=invoice.money(row.net),
        tax=invoice.money(row.tax),
        gross=invoice.money(row.gross),
    )


def _taxes(invoice: Invoice, lines: Sequence[InvoiceLineRow]) -> list[TaxLine]:
    """The sums of each tax, in the order in which the lines bear them."""
    country, language = Country(invoice.content["country"]), invoice.content["language"]
    kinds = dict.fromkeys((one.tax_rule, one.tax_basis_points) for one in lines)
    return [
        TaxLine(
            name=tax_name(country, language),
            percent=percent_label(rate),
            net=invoice.money(sum(one.net for one in lines if _bears(one, rule, rate))),
            tax=invoice.money(sum(one.tax for one in lines if _bears(one, rule, rate))),
            note=tax_note(TaxRule(rule), country, language),
        )
        for rule, rate in kinds
    ]


def _bears(line: InvoiceLineRow, rule: str, rate: int) -> bool:
    return (line.tax_rule, line.tax_basis_points) == (rule, rate)


def _may_see(invoice: Invoice, actor: Actor) -> bool:
    """Its practice's money desk, and the account it is for."""
    if actor.kind != "person" or actor.account_id is None:
        return False
    is_at_desk = actor.practice_id == invoice.practice_id and bool(actor.roles & KEEPERS)
    return is_at_desk or invoice.account_id == actor.account_id


def _page(
    found: Sequence[Found], limit: int, position: Callable[[Invoice], tuple[object, object]]
) -> InvoicesPage:
    part = found[:limit]
    cursor = cursor_of(*position(part[-1].invoice)) if len(found) > limit else None
    return InvoicesPage(invoices=[summary(one) for one in part], next_cursor=cursor)
