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
    """What a practice asks now, and what there is of it.

    `has_form`: a form is published. `is_given`: the form was answered, in whatever version.
    `required`, `standing`: texts that must be signed, and those that the client stands by.
    """

    has_form: bool
    is_given: bool
    required: frozenset[str]
    standing: frozenset[str]
    has_texts: bool


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
