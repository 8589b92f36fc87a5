"""Where an intake stands, and until when it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.contracts.booking.bookings import BookingState
from services.contracts.plans.intake import IntakeState

TAKES_PLACE = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW})


class ConsentAct(StrEnum):
    """What somebody did with a text. The first act on it is signing; then they take turns."""

    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a practice asks of a client now, and what there is of it.

    `has_form`: a form is asked of them. `is_given`: the form was answered, in whatever version.
    `required`, `standing`: texts that must be signed, and those that the client stands by.
    """

    has_form: bool
    is_given: bool
    required: frozenset[str]
    standing: frozenset[str]
    has_texts: bool


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """How far a client is known to a practice.

    `booked_at`: when they booked last; None while nothing is known of a booking. `has_come`: they
    came to a session. `has_begun`: something of theirs is kept or given.
    """

    booked_at: datetime | None = None
    has_come: bool = False
    has_begun: bool = False


def is_form_asked(published_at: datetime | None, who: Acquaintance) -> bool:
    """Whether a practice's form, first published then, is asked of a client: of whoever booked
    since and came to no session yet, and of whoever began it, so that they can finish.

    It is for a first session: those who have come before answer nothing anew. Of whom nothing is
    known has just booked.
    """
    if published_at is None:
        return False
    has_booked_since = who.booked_at is None or who.booked_at >= published_at
    return who.has_begun or (has_booked_since and not who.has_come)


def state(asked: Asked) -> IntakeState:
    """Whether all is there; a new version of the form asks nobody anew, one of a text does."""
    if not asked.has_form and not asked.has_texts:
        return IntakeState.NOT_ASKED
    has_answers = asked.is_given or not asked.has_form
    is_complete = has_answers and asked.required <= asked.standing
    return IntakeState.COMPLETE if is_complete else IntakeState.OPEN


def may_write(
    booking: BookingState, starts_at: datetime, *, is_given: bool, is_link: bool, now: datetime
) -> bool:
    """Whether answers are taken: the first ones as long as the booking stands, corrections of
    who can read them until the session begins."""
    if booking not in TAKES_PLACE:
        return False
    return not is_given or (not is_link and now < starts_at)


def stands(acts: Iterable[ConsentAct]) -> bool:
    """Whether a text is signed after all that was done with it, the oldest act first."""
    return list(acts)[-1:] == [ConsentAct.SIGNED]
