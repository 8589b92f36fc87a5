"""Notes on treatment: drafted, signed, added to; and the attended sessions that still want one.

A progress note is part of the client's record; a private one is its author's alone.
"""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.contracts.plans.content import Words, folded, readable

MOST_CHARACTERS = 6000
"""Of a note in all; urlencoded it stays below what a form may hold."""

Passage = Annotated[
    str,
    BeforeValidator(folded),
    StringConstraints(strip_whitespace=True, max_length=MOST_CHARACTERS),
    AfterValidator(readable),
]
"""A section of a note; it may be empty."""


class NoteKind(StrEnum):
    """Whose a note is."""

    PROGRESS = "progress"
    PRIVATE = "private"


class NoteFormat(StrEnum):
    """By which sections a note is written."""

    SOAP = "soap"
    DAP = "dap"
    FREE = "free"


class NoteState(StrEnum):
    """Where a note stands. `locked`: signed, and the signature cannot be withdrawn any more."""

    DRAFT = "draft"
    SIGNED = "signed"
    LOCKED = "locked"


class NoteMove(StrEnum):
    """What may be done with a note."""

    WRITE = "write"
    SIGN = "sign"
    WITHDRAW = "withdraw"
    ADD = "add"


class NoteContent(View):
    """What a note says. Sections that its format does not have are kept while they hold words."""

    format: NoteFormat
    subjective: Passage = ""
    objective: Passage = ""
    data: Passage = ""
    assessment: Passage = ""
    plan: Passage = ""
    text: Passage = ""

    @model_validator(mode="after")
    def _is_short_enough(self) -> Self:
        told = self.model_dump(exclude={"format"})
        if sum(len(words) for words in told.values()) > MOST_CHARACTERS:
            raise ValueError(f"must not hold more than {MOST_CHARACTERS} characters in all")
        return self


class StartNote(Command):
    """Begin a draft: of a session of the actor's, or of a client whom they treat.

    `id` is minted by the caller and names the note.
    """

    id: UUID
    kind: NoteKind
    booking_id: UUID | None = None
    client_id: UUID | None = None
    content: NoteContent

    @model_validator(mode="after")
    def _is_about_one(self) -> Self:
        if (self.booking_id is None) == (self.client_id is None):
            raise ValueError("needs either a booking or a client")
        return self


class WriteNote(Command):
    """Save a draft. `revision`: the one that was read."""

    note_id: UUID
    revision: int
    content: NoteContent


class SignNote(Command):
    """Sign the draft as it was read."""

    note_id: UUID
    revision: int


class WithdrawSignature(Command):
    """Make a signed note a draft again, as long as it is not locked. The signed text is kept.

    `revision`: the one that was read.
    """

    note_id: UUID
    revision: int


class DiscardNote(Command):
    """Discard a draft that was never signed. `revision`: the one that was read."""

    note_id: UUID
    revision: int


class RestoreNote(Command):
    """Make a discarded draft a draft again, as long as its text is kept."""

    note_id: UUID


class AddAddendum(Command):
    """Add something to a signed note; `id` is minted by the caller."""

    id: UUID
    note_id: UUID
    text: Words


class GetNote(Command):
    """One note, for its author; a signed progress note also for the practice's supervisors."""

    note_id: UUID


class ListNotes(Command):
    """The actor's notes, for supervisors also the signed progress notes of the practice; of all
    clients, of one, or of the one that a plan is for. Nothing clinical."""

    client_id: UUID | None = None
    plan_id: UUID | None = None


class ListNoteToDos(Command):
    """The actor's attended sessions of late that have no signed progress note."""


class SavedNote(View):
    """A draft is stored; nothing of what it says."""

    id: UUID
    revision: int
    saved_at: Instant


class SignedText(View):
    """What a note said when it was signed; the signature was withdrawn."""

    content: NoteContent
    signed_at: Instant


class AddendumView(View):
    """What was added to a signed note."""

    id: UUID
    text: str
    added_at: Instant


class NoteLine(View):
    """A note in a list: nothing clinical. `session_at`: the session's start when it was begun.

    `is_discarded`: a draft that was never signed and is to be forgotten; `restorable_until`: until
    when it can be restored.
    """

    id: UUID
    client_id: UUID
    practitioner_id: UUID
    kind: NoteKind
    state: NoteState
    is_own: bool
    booking_id: UUID | None
    session_at: Instant | None
    changed_at: Instant
    signed_at: Instant | None
    is_discarded: bool = False
    restorable_until: Instant | None = None


class NotesView(View):
    """Notes, the latest session or change first, 200 at most; apart from them the actor's discarded
    drafts that are still kept."""

    notes: list[NoteLine]
    discarded: list[NoteLine] = Field(default_factory=list)


class NoteView(NoteLine):
    """A note with all that it says; nothing as long as it is discarded.

    `locks_at`: until when the signature can be withdrawn.

    `may`: what the actor can do now, beside discarding and restoring.
    """

    plan_id: UUID | None
    revision: int
    content: NoteContent
    locks_at: Instant | None
    withdrawn: list[SignedText] = Field(default_factory=list)
    addenda: list[AddendumView] = Field(default_factory=list)
    may: list[NoteMove]
    may_discard: bool = False
    may_restore: bool = False


class NoteToDo(View):
    """An attended session without a signed progress note; `note_id` is its draft, if begun."""

    booking_id: UUID
    client_id: UUID
    starts_at: Instant
    note_id: UUID | None


class NoteToDosView(View):
    """Sessions that want a note, the earliest first."""

    to_dos: list[NoteToDo]


class NoteChanged(Refusal):
    """The note was written since it was read, in another window for example."""


class NoteExists(Refusal):
    """The session has a progress note of this author; `note_id` in the detail."""


class NoteSigned(Refusal):
    """The note is signed, so that its text stays as it is."""


class NoteDiscarded(Refusal):
    """The draft was discarded: nothing is written in it, and its text may be gone."""


class NoteNotSigned(Refusal):
    """Addenda are for notes that are signed."""


class NoteLocked(Refusal):
    """The signature cannot be withdrawn any more."""


class NoteEmpty(Refusal):
    """There is nothing in the note to sign."""
