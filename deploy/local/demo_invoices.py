"""The demo's invoices: how each practice writes them, and receipts for who signs in as client."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from deploy.local.demo import DemoData, DemoPractice, DemoSession, demo_id
from deploy.local.demo_courses import offering_of
from services.billing.adapters.stripe import Stripe
from services.billing.operations import invoice_settings, invoicing
from services.billing.operations.surroundings import Surroundings
from services.common import runtime
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.billing.invoice_settings import (
    Country,
    OfferingKind,
    ServiceKind,
    SetInvoiceSettings,
)
from services.contracts.billing.invoices import InvoiceKind, IssueInvoice
from services.contracts.booking.billed import BilledSession
from services.contracts.booking.bookings import BookingState, BookingView, Payable
from services.contracts.booking.terms import TermsView

TAX_IDS = {"DE": "DE136695976", "GB": "GB980780684", "AU": "51824753556"}
"""The published examples of their kinds: nobody's own here."""
ON_EACH, MOST_RECEIPTS = 2, 2
WAIT = timedelta(seconds=20)


class _Told:
    """Booking and profiles, as far as receipts ask them: of the demo's own sessions."""

    def __init__(self, sessions: Sequence[BilledSession]) -> None:
        self._sessions = {one.booking_id: one for one in sessions}

    def booking(self, booking_id: UUID, actor: Actor) -> BookingView:
        raise NotFound("There is no such booking.")

    def terms(self, booking_id: UUID, actor: Actor) -> TermsView:
        raise NotFound("There is no such booking.")

    def payable(self, booking_id: UUID, actor: Actor, voucher: str | None) -> Payable:
        raise NotFound("There is no such booking.")

    def billed(self, booking_ids: list[UUID], us: Actor) -> list[BilledSession]:
        return [self._sessions[one] for one in booking_ids]

    def names(self, client_ids: list[UUID], us: Actor) -> dict[UUID, str]:
        return {}


def load_invoices(
    data: DemoData, practice: DemoPractice, sessions: Sequence[DemoSession], now: datetime
) -> None:
    """One practice: its settings, and receipts for the sessions that the demo's client paid last.

    Their ids follow from the sessions, so that a second run adds nothing.
    """
    database = runtime.of_process("billing").database
    desk = Actor("person", practice.id, practice.id, frozenset({"owner"}), issuer="demo")
    with database.transaction(desk) as tx:
        command = _settings(data, practice)
        invoice_settings.set_invoice_settings(tx, command, actor=desk, now=now)
    whose = {login.account_id for login in data.logins}
    paid = [
        one
        for one in sessions
        if one.state == "attended"
        and not one.of_course
        and data.client(one.client).account_id in whose
    ][-ON_EACH * MOST_RECEIPTS :]
    told = _Told([_billed(data, one) for one in paid])
    around = Surroundings(
        database, Stripe("none", None, seconds=1, retries=0), told, told, WAIT, WAIT
    )
    for at in range(0, len(paid), ON_EACH):
        receipt = _receipt(data, paid[at : at + ON_EACH])
        invoicing.issue_invoice(around, receipt, actor=desk, now=now)


def _settings(data: DemoData, practice: DemoPractice) -> SetInvoiceSettings:
    coached = [
        OfferingKind(offering_id=offering.id, kind=ServiceKind.COACHING)
        for person in data.practitioners_of(practice.slug)
        if person.kind == "coach"
        for offering in person.offerings
    ]
    return SetInvoiceSettings(
        country=Country(practice.country),
        language="de" if practice.country == "DE" else "en",
        time_zone=practice.zone,
        legal_name=practice.name,
        address=f"{practice.street}\n{practice.postal_code} {practice.city}",
        tax_id=TAX_IDS[practice.country],
        legal_lines=f"{practice.email} · {practice.phone}",
        other_kinds=coached,
    )


def _receipt(data: DemoData, sessions: Sequence[DemoSession]) -> IssueInvoice:
    client = data.client(sessions[0].client)
    return IssueInvoice(
        id=demo_id("receipt", sessions[0].key),
        kind=InvoiceKind.RECEIPT,
        client_id=client.id,
        booking_ids=[one.booking_id for one in sessions],
        recipient_name=client.name,
    )


def _billed(data: DemoData, session: DemoSession) -> BilledSession:
    client, person = data.client(session.client), data.practitioner(session.practitioner)
    return BilledSession(
        booking_id=session.booking_id,
        client_id=client.id,
        account_id=client.account_id,
        offering_id=offering_of(data, session).id,
        practitioner_id=person.id,
        state=BookingState(session.state),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        time_zone=data.zone_of(person).key,
    )
