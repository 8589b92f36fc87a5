"""Where a note stands, and what its author may do with it: draft → signed → locked, or discarded.

A signature may be withdrawn while it is fresh, to mend a slip; the signed text is kept beside.
After that only addenda are left: who reads the record later must see what was known when
(§630f BGB: what a record said at first stays recognisable, and when it was changed).

A draft that was never signed is no part of the record yet, so it may be discarded. It is kept for
some days, sealed and shown to nobody, because a slip of the hand must not cost an hour's words;
then its text is erased. What was signed once, also if that was withdrawn, is never discarded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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
KEPT_DISCARDED = timedelta(days=7)
"""How long a discarded draft can be restored, before its text is erased."""


class Stored(StrEnum):
    """How a note is stored; whether a signed one is locked is a matter of the time."""

    DRAFT = "draft"
    SIGNED = "signed"
    DISCARDED = "discarded"


class Erased(StrEnum):
    """What is written down of a discarded draft whose text is gone, by its kind."""

    NOTE = "erased_note"
    PRIVATE_NOTE = "erased_private_note"


@dataclass(frozen=True, slots=True)
class Standing:
    """`locks_at`: when the signature becomes final; None for a draft. `was_signed`: that of a
    draft was withdrawn. `discarded_at`: when a draft was discarded."""

    locks_at: datetime | None
    has_addenda: bool = False
    was_signed: bool = False
    discarded_at: datetime | None = None


def state_of(standing: Standing, now: datetime) -> NoteState:
    """Where the note stands now."""
    if standing.locks_at is None:
        return NoteState.DRAFT
    return NoteState.SIGNED if now < standing.locks_at else NoteState.LOCKED


def may_withdraw(standing: Standing, now: datetime) -> bool:
    """Whether the signature may be withdrawn: while it is fresh and nothing was added to it."""
    return state_of(standing, now) is NoteState.SIGNED and not standing.has_addenda


def may_discard(standing: Standing, now: datetime) -> bool:
    """Whether it may be discarded: a draft that was never signed."""
    is_draft = state_of(standing, now) is NoteState.DRAFT and standing.discarded_at is None
    return is_draft and not standing.was_signed


def restorable_until(discarded_at: datetime | None) -> datetime | None:
    """Until when a draft can be restored that was discarded then; None for one that was not."""
    return None if discarded_at is None else discarded_at + KEPT_DISCARDED


def may_restore(standing: Standing, now: datetime) -> bool:
    """Whether it is discarded and its text still kept."""
    until = restorable_until(standing.discarded_at)
    return until is not None and now < until


def moves_of(standing: Standing, now: datetime) -> list[NoteMove]:
    """All that the author can do now, beside discarding and restoring; nobody else does anything
    with a note but read it."""
    if standing.discarded_at is not None:
        return []
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
