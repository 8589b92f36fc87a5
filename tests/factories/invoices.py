"""A receipt in the running product, written as its practice's desk does."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.billing.adapters.stripe import Stripe
from services.billing.operations import invoice_settings, invoicing
from services.billing.operations.surroundings import Surroundings
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import NotFound
from services.contracts.billing.invoice_settings import Country, SetInvoiceSettings
from services.contracts.billing.invoices import InvoiceKind, IssueInvoice
from services.contracts.booking.billed import BilledSession
from services.contracts.booking.bookings import BookingState, BookingView, Payable
from services.contracts.booking.terms import TermsView
from tests.factories.clinic import ZONE, Clinic
from tests.factories.couple import Couple

SETTINGS = SetInvoiceSettings(
    country=Country.DE,
    language="de",
    time_zone=ZONE,
    legal_name="Praxis am Kanal",
    address="Kanalweg 1\n10999 Berlin",
)


class _OneSession:
    """Stands in for booking and profiles: tells of one booking, to be billed."""

    def __init__(self, session: BilledSession) -> None:
        self._session = session

    def booking(self, booking_id: UUID, actor: Actor) -> BookingView:
        raise NotFound("There is no such booking.")

    def terms(self, booking_id: UUID, actor: Actor) -> TermsView:
        raise NotFound("There is no such booking.")

    def payable(self, booking_id: UUID, actor: Actor, voucher: str | None) -> Payable:
        raise NotFound("There is no such booking.")

    def billed(self, booking_ids: list[UUID], us: Actor) -> list[BilledSession]:
        return [self._session]

    def names(self, client_ids: list[UUID], us: Actor) -> dict[UUID, str]:
        return {}


def write_receipt(couple: Couple, booking_id: UUID) -> UUID:
    """The receipt of a booking that the couple's client paid; its id."""
    clinic, now, receipt_id = couple.clinic, utc_now(), uuid4()
    session = BilledSession(
        booking_id=booking_id,
        client_id=couple.client_id,
        account_id=couple.account_id,
        offering_id=clinic.offering_id,
        practitioner_id=clinic.practitioner_id,
        state=BookingState.CONFIRMED,
        starts_at=now,
        ends_at=now + timedelta(minutes=50),
        time_zone=ZONE,
    )
    database = Database(couple.product.environment["BILLING_DATABASE_URL"], pool_size=1)
    _issue(_around(database, session), clinic, session, receipt_id, now)
    database.engine.dispose()
    return receipt_id


def _issue(
    around: Surroundings, clinic: Clinic, session: BilledSession, receipt_id: UUID, now: datetime
) -> None:
    desk = Actor(
        kind="person",
        account_id=uuid4(),
        practice_id=clinic.id,
        roles=frozenset({"billing"}),
    )
    with around.database.transaction(desk) as tx:
        invoice_settings.set_invoice_settings(tx, SETTINGS, actor=desk, now=now)
    wanted = IssueInvoice(
        id=receipt_id,
        kind=InvoiceKind.RECEIPT,
        client_id=session.client_id,
        booking_ids=[session.booking_id],
        recipient_name="Empfang",
    )
    invoicing.issue_invoice(around, wanted, actor=desk, now=now)


def _around(database: Database, session: BilledSession) -> Surroundings:
    silent = Stripe("sk_test_silent", None, seconds=1, retries=0)
    short = timedelta(seconds=20)
    told = _OneSession(session)
    return Surroundings(database, silent, told, told, short, short)
