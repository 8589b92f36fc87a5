"""Where a note stands, and what its author may do with it: draft → signed → locked.

A signature may be withdrawn while it is fresh, to mend a slip; the signed text is kept beside.
After that only addenda are left: who reads the record later must see what was known when
(§630f BGB: what a record said at first stays recognisable, and when it was changed).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.contracts.plans.notes import (
    NoteContent,
    NoteFormat,
    NoteKind,
    NoteMove,
    NoteState,
)

SECTIONS: Mapping[NoteFormat, tuple[str, ...]] = {
    NoteFormat.SOAP: ("subjective", "objective", "assessment", "plan"),
    NoteFormat.DAP: ("data", "assessment", "plan"),
    NoteFormat.FREE: ("text",),
}
"""Subjective, Objective, Assessment, Plan (Weed 1968); Data, Assessment, Plan."""
LOOKS_BACK = timedelta(days=90)
"""How long an attended session without a note stays a to-do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`locks_at`: when the signature becomes final; None for a draft."""

    locks_at: datetime | None
    has_addenda: bool = False


def state_of(standing: Standing, now: datetime) -> NoteState:
    """Where the note stands now."""
    if standing.locks_at is None:
        return NoteState.DRAFT
    return NoteState.SIGNED if now < standing.locks_at else NoteState.LOCKED


def may_withdraw(standing: Standing, now: datetime) -> bool:
    """Whether the signature may be withdrawn: while it is fresh and nothing was added to it."""
    return state_of(standing, now) is NoteState.SIGNED and not standing.has_addenda


def moves_of(standing: Standing, now: datetime) -> list[NoteMove]:
    """All that the author can do now; nobody else does anything with a note but read it."""
    if state_of(standing, now) is NoteState.DRAFT:
        return [NoteMove.WRITE, NoteMove.SIGN]
    withdraw = [NoteMove.WITHDRAW] if may_withdraw(standing, now) else []
    return [*withdraw, NoteMove.ADD]


def is_empty(content: NoteContent) -> bool:
    """Whether there is not a word in it."""
    return not any(content.model_dump(exclude={"format"}).values())


def is_read_by_supervisors(kind: NoteKind, state: NoteState) -> bool:
    """Whether supervisors of the practice may read it: progress notes, once they are signed."""
    return kind is NoteKind.PROGRESS and state is not NoteState.DRAFT
