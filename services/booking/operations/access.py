"""Who may see and change a booking. To everybody else it does not exist."""

from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.policy import CancelledBy
from services.booking.models import Booking
from services.booking.queries import bookings, calendars
from services.common.auth import Actor
from services.common.database import enter_practice
from services.common.errors import Forbidden, NotFound

SEES_ALL = frozenset({"owner", "admin", "front_desk"})
READING_SERVICES = frozenset({"billing", "notify"})


def visible_booking(tx: Transaction, booking_id: UUID, actor: Actor) -> Booking:
    """The booking, with the transaction turned to its practice; NotFound for who may not see it.

    A person reads their own rows in every practice; to write, the tenant must be the booking's.
    """
    found = bookings.booking(tx, booking_id)
    if found is None or not may_see(tx, found, actor):
        raise NotFound("There is no such booking.")
    if actor.practice_id != found.practice_id:
        enter_practice(tx, found.practice_id)
    return found


def check_staff(tx: Transaction, practitioner_id: UUID, actor: Actor) -> UUID:
    """The practice whose staff the actor is; NotFound for others, and for other calendars."""
    if actor.practice_id is None or not _is_staff(tx, actor.practice_id, practitioner_id, actor):
        raise NotFound("There is no such practitioner.")
    return actor.practice_id


def check_may_book(actor: Actor) -> UUID:
    """The practice in which a visitor or a signed-in person books."""
    if actor.kind not in ("anonymous", "person"):
        raise Forbidden("Only a person may book.")
    if actor.practice_id is None:
        raise NotFound("There is no such offering.")
    return actor.practice_id


def check_may_book_with(tx: Transaction, practitioner_id: UUID, actor: Actor) -> None:
    """Raises Forbidden for members who could not see the booking they make in this calendar."""
    if not may_book_with(tx, practitioner_id, actor):
        raise Forbidden("You do not book clients into this calendar.")


def may_book_with(tx: Transaction, practitioner_id: UUID, actor: Actor) -> bool:
    """Whoever is no member may; members only where they see what they book."""
    return not actor.roles or _is_staff(tx, actor.practice_id, practitioner_id, actor)


def books_for_themselves(actor: Actor) -> UUID | None:
    """The account to which the booking belongs; staff book for somebody else."""
    return None if actor.roles else actor.account_id


def side_of(booking: Booking, actor: Actor) -> CancelledBy:
    """Whether the client acts, or the practice."""
    is_client = actor.kind == "link" or _is_own(booking, actor)
    return CancelledBy.CLIENT if is_client else CancelledBy.PRACTICE


def is_by_practitioner(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, actor: Actor
) -> bool:
    """Whether who acts is the one whose calendar it is: they need no mail of it."""
    if actor.kind != "person" or "practitioner" not in actor.roles or actor.account_id is None:
        return False
    return calendars.account_of(tx, practice_id, practitioner_id) == actor.account_id


def may_see(tx: Transaction, booking: Booking, actor: Actor) -> bool:
    """Whether the booking exists for the actor."""
    if actor.kind == "link":
        return actor.booking_id == booking.id
    if actor.is_service:
        return actor.issuer in READING_SERVICES
    return _is_own(booking, actor) or _is_staff(
        tx, booking.practice_id, booking.practitioner_id, actor
    )


def _is_own(booking: Booking, actor: Actor) -> bool:
    return (
        actor.kind == "person"
        and booking.account_id is not None
        and booking.account_id == actor.account_id
    )


def _is_staff(
    tx: Transaction, practice_id: UUID | None, practitioner_id: UUID, actor: Actor
) -> bool:
    if actor.kind != "person" or practice_id is None or actor.practice_id != practice_id:
        return False
    if actor.roles & SEES_ALL:
        return True
    return is_by_practitioner(tx, practice_id, practitioner_id, actor)
