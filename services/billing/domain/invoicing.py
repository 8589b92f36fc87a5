"""What an invoice of sessions says: its lines, their taxes, its sums, its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.billing.domain.invoice_words import line_words
from services.billing.domain.taxes import Taxed, Treatment, taxed, treatment
from services.common.money import Money
from services.contracts.billing.invoice_settings import InvoiceSettingsView, ServiceKind
from services.contracts.booking.billed import BilledSession
from services.contracts.booking.bookings import BookingState

NOT_KEPT = frozenset({BookingState.NO_SHOW, BookingState.LATE_CANCELLED, BookingState.CANCELLED})
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """The money of one session: paid at an instant, or owed."""

    booking_id: UUID
    money: Money
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One session of an invoice; `unit_price` as it was agreed."""

    booking_id: UUID
    words: str
    session_on: date
    unit_price: Money
    treatment: Treatment
    amounts: Taxed
    paid_at: datetime | None


def line_of(claim: Claim, session: BilledSession, settings: InvoiceSettingsView) -> Line:
    """The line of a session. What was paid already includes its tax, whatever prices do."""
    took_place = session.state not in NOT_KEPT
    rule = treatment(
        settings.country,
        kind_of(session.offering_id, settings),
        is_small_business=settings.is_small_business,
        took_place=took_place,
    )
    is_included = settings.prices_include_tax or claim.paid_at is not None
    return Line(
        booking_id=claim.booking_id,
        words=words_of(session, settings),
        session_on=day_of(session),
        unit_price=claim.money,
        treatment=rule,
        amounts=taxed(claim.money, rule.basis_points, is_included=is_included),
        paid_at=claim.paid_at,
    )


def words_of(session: BilledSession, settings: InvoiceSettingsView) -> str:
    """What the line of a session is called."""
    minutes = (session.ends_at - session.starts_at) // MINUTE
    return line_words(settings.language, minutes, took_place=session.state not in NOT_KEPT)


def day_of(session: BilledSession) -> date:
    """The date of a session, by the clock of its calendar."""
    return session.starts_at.astimezone(ZoneInfo(session.time_zone)).date()


def kind_of(offering_id: UUID, settings: InvoiceSettingsView) -> ServiceKind:
    """What an offering is for the tax office."""
    others = {one.offering_id: one.kind for one in settings.other_kinds}
    return others.get(offering_id, settings.usual_kind)


def total(lines: Sequence[Line]) -> Taxed:
    """The sums of the lines; raises CurrencyMismatch where they have several currencies."""
    first, *others = (one.amounts for one in lines)
    for one in others:
        first = Taxed(first.net + one.net, first.tax + one.tax, first.gross + one.gross)
    return first


def number_label(year: int, number: int) -> str:
    """ "2026-0042": the year and the number in it."""
    return f"{year}-{number:04}"
