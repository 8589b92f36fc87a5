"""Where a note stands, what its author may do with it, who else may read it."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from services.contracts.plans.notes import (
    MOST_CHARACTERS,
    NoteContent,
    NoteFormat,
    NoteKind,
    NoteMove,
    NoteState,
    StartNote,
)
from services.plans.domain.notes import (
    KEPT_DISCARDED,
    SECTIONS,
    Standing,
    is_empty,
    is_read_by_supervisors,
    may_discard,
    may_restore,
    moves_of,
    state_of,
)

NOW = datetime(2093, 11, 23, 7, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
DRAFT = Standing(None)
WITHDRAWN = Standing(None, was_signed=True)
DISCARDED = Standing(None, discarded_at=NOW - KEPT_DISCARDED + MOMENT)
OVER = Standing(None, discarded_at=NOW - KEPT_DISCARDED)
FRESH = Standing(NOW + MOMENT)
LOCKED = Standing(NOW)


@pytest.mark.parametrize(
    ("standing", "state", "moves"),
    [
        (DRAFT, NoteState.DRAFT, [NoteMove.WRITE, NoteMove.SIGN]),
        (DISCARDED, NoteState.DRAFT, []),
        (FRESH, NoteState.SIGNED, [NoteMove.WITHDRAW, NoteMove.ADD]),
        (Standing(NOW + MOMENT, has_addenda=True), NoteState.SIGNED, [NoteMove.ADD]),
        (LOCKED, NoteState.LOCKED, [NoteMove.ADD]),
    ],
)
def test_what_the_author_may_do(
    standing: Standing, state: NoteState, moves: list[NoteMove]
) -> None:
    """To the microsecond: at `locks_at` the signature is final; an addendum makes it so before."""
    assert state_of(standing, NOW) is state
    assert moves_of(standing, NOW) == moves


def test_only_a_draft_that_was_never_signed_is_discarded_and_restored_for_seven_days() -> None:
    """To the microsecond; a withdrawn signature counts for ever."""
    every = (DRAFT, WITHDRAWN, FRESH, LOCKED, DISCARDED, OVER)
    assert [may_discard(one, NOW) for one in every] == [True] + [False] * 5
    assert [may_restore(one, NOW) for one in every] == [False] * 4 + [True, False]


@pytest.mark.parametrize("kind", NoteKind)
@pytest.mark.parametrize("state", NoteState)
def test_supervisors_read_signed_progress_notes_alone(kind: NoteKind, state: NoteState) -> None:
    """No draft, and no private note in whatever state."""
    is_read = kind is NoteKind.PROGRESS and state is not NoteState.DRAFT
    assert is_read_by_supervisors(kind, state) == is_read


def test_every_section_of_every_format_is_a_field_of_a_note() -> None:
    """And no field is without a format."""
    fields = set(NoteContent.model_fields) - {"format"}
    assert {name for names in SECTIONS.values() for name in names} == fields


def test_a_note_is_empty_until_a_word_stands_in_it() -> None:
    """White space is none; a word in a section that the format lacks is one."""
    assert is_empty(NoteContent(format=NoteFormat.SOAP, plan=" \n"))
    assert not is_empty(NoteContent(format=NoteFormat.FREE, data="Slept"))


def test_a_note_is_as_long_as_a_form_may_be() -> None:
    """All sections together, to the character."""
    half = "x" * (MOST_CHARACTERS // 2)
    assert NoteContent(format=NoteFormat.DAP, data=half, plan=half)
    with pytest.raises(ValidationError, match="6000 characters in all"):
        NoteContent(format=NoteFormat.DAP, data=half, plan=half + "x")


@pytest.mark.parametrize("about", [{}, {"booking_id": uuid7(), "client_id": uuid7()}])
def test_a_note_is_about_a_session_or_a_client(about: dict[str, object]) -> None:
    """One of the two, never both."""
    told = {"id": uuid7(), "kind": "private", "content": {"format": "free"}}
    with pytest.raises(ValidationError, match="either a booking or a client"):
        StartNote.model_validate(told | about)
