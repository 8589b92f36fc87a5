"""Samples of notes, which plans offers, and of the sessions that booking tells it of."""

from pydantic import BaseModel

from services.contracts.booking.bookings import BookingState
from services.contracts.booking.treated import (
    AttendedView,
    GetTreatedSession,
    ListAttended,
    TreatedSession,
)
from services.contracts.plans.notes import (
    AddAddendum,
    AddendumView,
    DiscardNote,
    GetNote,
    ListNotes,
    ListNoteToDos,
    NoteContent,
    NoteFormat,
    NoteKind,
    NoteLine,
    NoteMove,
    NoteState,
    NotesView,
    NoteToDo,
    NoteToDosView,
    NoteView,
    RestoreNote,
    SavedNote,
    SignedText,
    SignNote,
    StartNote,
    WithdrawSignature,
    WriteNote,
)
from tests.contracts.samples.values import (
    CLIENT,
    LATER,
    OCCURRED,
    PRACTITIONER,
    STARTS,
    an_id,
)

NOTE, SESSION, PLAN = an_id(40), an_id(41), an_id(30)
CONTENT = NoteContent(
    format=NoteFormat.SOAP,
    subjective="She slept better.",
    objective="Calm, came early.",
    data="Two calls",
    assessment="The new way holds.",
    plan="The same exercise with her sister.",
    text="Also: the move.",
)
LINE = NoteLine(
    id=NOTE,
    client_id=CLIENT,
    practitioner_id=PRACTITIONER,
    kind=NoteKind.PROGRESS,
    state=NoteState.SIGNED,
    is_own=True,
    booking_id=SESSION,
    session_at=STARTS,
    changed_at=LATER,
    signed_at=LATER,
    is_discarded=True,
    restorable_until=LATER,
)
SIGNED = SignedText(content=CONTENT, signed_at=OCCURRED)
ADDED = AddendumView(id=an_id(42), text="He called.", added_at=LATER)
TO_DO = NoteToDo(booking_id=SESSION, client_id=CLIENT, starts_at=STARTS, note_id=NOTE)
TREATED = TreatedSession(
    booking_id=SESSION,
    practitioner_id=PRACTITIONER,
    client_id=CLIENT,
    state=BookingState.ATTENDED,
    starts_at=STARTS,
)

COMMANDS: list[BaseModel] = [
    StartNote(id=NOTE, kind=NoteKind.PROGRESS, booking_id=SESSION, content=CONTENT),
    WriteNote(note_id=NOTE, revision=3, content=CONTENT),
    SignNote(note_id=NOTE, revision=3),
    WithdrawSignature(note_id=NOTE, revision=4),
    DiscardNote(note_id=NOTE, revision=3),
    RestoreNote(note_id=NOTE),
    AddAddendum(id=an_id(42), note_id=NOTE, text="He called."),
    GetNote(note_id=NOTE),
    ListNotes(client_id=CLIENT, plan_id=PLAN),
    ListNoteToDos(),
]
VIEWS: list[BaseModel] = [
    *(CONTENT, SIGNED, ADDED, TO_DO, LINE),
    SavedNote(id=NOTE, revision=3, saved_at=LATER),
    NotesView(notes=[LINE], discarded=[LINE]),
    NoteView(
        **LINE.model_dump(),
        plan_id=PLAN,
        revision=4,
        content=CONTENT,
        locks_at=LATER,
        withdrawn=[SIGNED],
        addenda=[ADDED],
        may=[NoteMove.WITHDRAW, NoteMove.ADD],
        may_discard=True,
        may_restore=True,
    ),
    NoteToDosView(to_dos=[TO_DO]),
]

OF_BOOKING: list[BaseModel] = [
    GetTreatedSession(booking_id=SESSION),
    ListAttended(from_at=STARTS, until_at=LATER),
    TREATED,
    AttendedView(practitioner_id=PRACTITIONER, sessions=[TREATED]),
]
