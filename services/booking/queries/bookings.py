"""Bookings and sessions by id, by person, by practitioner."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import LIVE, BookingState
from services.booking.models import Booking, Change, HoldDue, Participant, Session

UPCOMING = (
    BookingState.HELD,
    BookingState.AWAITING_PAYMENT,
    BookingState.AWAITING_APPROVAL,
    BookingState.CONFIRMED,
)
TAKEN_PLACE = (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW)
LONGEST = timedelta(days=1)
"""No session lasts longer: starts are asked for, because they are what the index is sorted by."""
GIVEN_UP = (BookingState.CANCELLED, BookingState.LATE_CANCELLED)


def booking(tx: Transaction, booking_id: UUID) -> Booking | None:
    """The booking, where the policies show it to the transaction."""
    return tx.scalar(_BOOKING, {"booking": booking_id})


def booking_at_door(tx: Transaction, booking_id: UUID) -> Booking | None:
    """The booking whose door is asked for, whatever its practice; the code was checked before."""
    tx.execute(select(func.set_config("attune.booking_id", str(booking_id), True)))
    return booking(tx, booking_id)


def fresh_booking(tx: Transaction, practice_id: UUID, booking_id: UUID) -> Booking | None:
    """The booking as it is now, locked, for a transaction that has waited for its locks."""
    return tx.scalar(_FRESH, {"practice": practice_id, "booking": booking_id})


def session_of(tx: Transaction, booking: Booking) -> Session:
    """The session whose seat a booking claims, as it is now."""
    asked = {"practice": booking.practice_id, "session": booking.session_id}
    return tx.execute(_SESSION, asked).scalar_one()


def open_group(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    offering_id: UUID,
    starts_at: datetime,
) -> Session | None:
    """The live group of an offering at that start, if there is one."""
    return tx.scalar(
        select(Session).where(
            Session.practice_id == practice_id,
            Session.practitioner_id == practitioner_id,
            Session.starts_at == starts_at,
            Session.offering_id == offering_id,
            Session.seats > 1,
            Session.is_live,
        )
    )


def free_seat(tx: Transaction, session: Session) -> int | None:
    """The lowest seat of a session that nobody has."""
    taken = set(
        tx.scalars(
            select(Booking.seat_no).where(
                Booking.practice_id == session.practice_id,
                Booking.session_id == session.id,
                Booking.seat_no.is_not(None),
            )
        )
    )
    return next((seat for seat in range(1, session.seats + 1) if seat not in taken), None)


def count_live(tx: Transaction, practice_id: UUID, session_id: UUID) -> int:
    """How many seats of a session are claimed."""
    query = select(func.count()).where(
        Booking.practice_id == practice_id,
        Booking.session_id == session_id,
        Booking.state.in_(LIVE),
    )
    return tx.scalar(query) or 0


def change(tx: Transaction, practice_id: UUID, booking_id: UUID, change_id: UUID) -> Change | None:
    """An earlier act on the booking under that id."""
    return tx.get(Change, (practice_id, booking_id, change_id))


def upcoming_of_account(
    tx: Transaction,
    account_id: UUID,
    now: datetime,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Booking]:
    """A person's bookings in all practices that are not over, soonest first.

    Those too of which it was said already, as they began, whether the person came.
    """
    query = select(Booking).where(
        Booking.account_id == account_id,
        Booking.state.in_(LIVE),
        Booking.ends_at > now,
        or_(Booking.deadline_at.is_(None), Booking.deadline_at > now),
    )
    if after is not None:
        query = query.where(tuple_(Booking.starts_at, Booking.id) > _key(after))
    return tx.scalars(query.order_by(Booking.starts_at, Booking.id).limit(limit)).all()


def past_of_account(
    tx: Transaction,
    account_id: UUID,
    now: datetime,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Booking]:
    """A person's bookings in all practices that are over or were given up, latest first."""
    query = select(Booking).where(
        Booking.account_id == account_id,
        or_(
            and_(Booking.state.in_(TAKEN_PLACE), Booking.ends_at <= now),
            Booking.state.in_(GIVEN_UP),
        ),
    )
    if after is not None:
        query = query.where(tuple_(Booking.starts_at, Booking.id) < _key(after))
    ordered = query.order_by(Booking.starts_at.desc(), Booking.id.desc())
    return tx.scalars(ordered.limit(limit)).all()


def of_practitioner(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    *,
    from_at: datetime,
    until_at: datetime,
    now: datetime,
) -> Sequence[Booking]:
    """Bookings that start in `[from_at, until_at)`, those too that were firm and given up.

    Holds that lapsed or were given back are none: there was no session.
    """
    was_firm = and_(Booking.state.in_(GIVEN_UP), Booking.confirmed_at.is_not(None))
    query = select(Booking).where(
        Booking.practice_id == practice_id,
        Booking.practitioner_id == practitioner_id,
        Booking.starts_at >= from_at,
        Booking.starts_at < until_at,
        or_(Booking.state.in_(LIVE), was_firm),
        or_(Booking.deadline_at.is_(None), Booking.deadline_at > now),
    )
    return tx.scalars(query.order_by(Booking.starts_at, Booking.id)).all()


def to_come_of_practitioner(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    *,
    from_at: datetime,
    until_at: datetime,
    now: datetime,
) -> Sequence[Booking]:
    """Bookings that overlap `[from_at, until_at)` and still hold their seat, by start."""
    query = select(Booking).where(
        Booking.practice_id == practice_id,
        Booking.practitioner_id == practitioner_id,
        Booking.starts_at > from_at - LONGEST,
        Booking.starts_at < until_at,
        Booking.ends_at > from_at,
        Booking.state.in_(UPCOMING),
        or_(Booking.deadline_at.is_(None), Booking.deadline_at > now),
    )
    return tx.scalars(query.order_by(Booking.starts_at, Booking.id)).all()


def account_of_client(tx: Transaction, practice_id: UUID, client_id: UUID) -> UUID | None:
    """Whose account the client's bookings belong to, if they booked by themselves."""
    query = (
        select(Booking.account_id)
        .join(
            Participant,
            and_(
                Participant.practice_id == Booking.practice_id,
                Participant.booking_id == Booking.id,
            ),
        )
        .where(
            Participant.practice_id == practice_id,
            Participant.client_id == client_id,
            Booking.account_id.is_not(None),
        )
    )
    return tx.scalar(query.order_by(Participant.starts_at.desc()).limit(1))


def latest_treated(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, client_id: UUID
) -> Booking | None:
    """The latest firm session of a client with a practitioner; None for whom they never treat."""
    query = select(Booking).where(
        Booking.practice_id == practice_id,
        Booking.practitioner_id == practitioner_id,
        Booking.client_id == client_id,
        Booking.state.in_(TAKEN_PLACE),
    )
    return tx.scalar(query.order_by(Booking.starts_at.desc()).limit(1))


def open_holds(tx: Transaction, booking_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    """Those of the bookings that are held or await payment, whatever their practice."""
    held = select(HoldDue.booking_id).where(HoldDue.booking_id.in_(booking_ids))
    return list(tx.scalars(held.where(HoldDue.due_at > now)))


def due_holds(tx: Transaction, now: datetime, lease: timedelta, limit: int) -> list[HoldDue]:
    """Lapsed holds, leased so that a second sweeper leaves them."""
    due = select(HoldDue).where(HoldDue.due_at <= now).order_by(HoldDue.due_at)
    rows = list(tx.scalars(due.limit(limit).with_for_update(skip_locked=True)))
    for row in rows:
        row.due_at = now + lease
    return rows


def _key(after: tuple[datetime, UUID]) -> object:
    return tuple_(literal(after[0]), literal(after[1]))


# Built once, because building them costs as much as running them.
_PRACTICE, _ID = bindparam("practice", type_=Uuid), bindparam("booking", type_=Uuid)
_BOOKING = select(Booking).where(Booking.id == _ID)
_FRESH = (
    _BOOKING.where(Booking.practice_id == _PRACTICE)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_SESSION = (
    select(Session)
    .where(Session.practice_id == _PRACTICE, Session.id == bindparam("session", type_=Uuid))
    .execution_options(populate_existing=True)
)
