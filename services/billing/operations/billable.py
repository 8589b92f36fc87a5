"""What there is to invoice: clients with open sessions, and each one's."""

from collections.abc import Sequence
from uuid import UUID

from services.billing.domain import invoicing
from services.billing.domain.invoicing import Claim
from services.billing.operations.invoice_settings import kept_settings
from services.billing.operations.invoice_settings import view as settings_view
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries import billable, invoices
from services.common.auth import Actor
from services.contracts.base import BadCursor
from services.contracts.billing.invoice_settings import InvoiceSettingsView
from services.contracts.billing.invoices import (
    MOST_LINES,
    BillableClient,
    BillableClientsPage,
    BillableSession,
    BillableView,
    InvoiceKind,
    ListBillable,
    ListBillableClients,
)
from services.contracts.booking.billed import BilledSession


def list_billable_clients(
    around: Surroundings, command: ListBillableClients, *, actor: Actor
) -> BillableClientsPage:
    """A part of the clients with sessions to invoice; raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    after = _after(command.cursor)
    with around.database.reading(actor) as tx:
        found = billable.clients(tx, practice_id, after, command.limit + 1)
    part = found[: command.limit]
    told = [BillableClient(client_id=id_, paid_count=p, owed_count=o) for id_, p, o in part]
    is_more = len(found) > command.limit
    return BillableClientsPage(
        clients=told, next_cursor=str(part[-1].client_id) if is_more else None
    )


def list_billable(around: Surroundings, command: ListBillable, *, actor: Actor) -> BillableView:
    """One client's sessions to invoice; raises Forbidden, NoInvoiceSettings, and
    ServiceUnavailable while booking is away."""
    practice_id = practice_of_keeper(actor)
    with around.database.reading(actor) as tx:
        settings = settings_view(kept_settings(tx, practice_id))
        last = invoices.latest_of_client(tx, practice_id, command.client_id)
        whose = practice_id, command.client_id
        claims = [
            *billable.owed(tx, *whose, None, MOST_LINES),
            *billable.paid(tx, *whose, None, MOST_LINES),
        ][:MOST_LINES]
    told = _sessions(around, practice_id, claims)
    return BillableView(
        sessions=_listed(claims, told, settings),
        last_name=last.content["recipient_name"] if last else "",
        last_address=last.content["recipient_address"] if last else "",
    )


def _sessions(
    around: Surroundings, practice_id: UUID, claims: Sequence[Claim]
) -> dict[UUID, BilledSession]:
    if not claims:
        return {}
    us = itself(practice_id, "list_billable")
    told = around.booking.billed([one.booking_id for one in claims], us)
    return {one.booking_id: one for one in told}


def _listed(
    claims: Sequence[Claim], told: dict[UUID, BilledSession], settings: InvoiceSettingsView
) -> list[BillableSession]:
    known = [(one, told[one.booking_id]) for one in claims if one.booking_id in told]
    return [
        BillableSession(
            booking_id=claim.booking_id,
            kind=InvoiceKind.RECEIPT if claim.paid_at else InvoiceKind.INVOICE,
            words=invoicing.words_of(session, settings),
            session_on=invoicing.day_of(session),
            money=claim.money,
        )
        for claim, session in sorted(known, key=lambda pair: pair[1].starts_at)
    ]


def _after(cursor: str | None) -> UUID | None:
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise BadCursor("This page does not exist.", {"cursor": "is not known"}) from None
