"""The application before a practitioner with a client, a session and a note."""

import re
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.contracts.booking.bookings import (
    BookingState,
    ListTreated,
    TreatedView,
)
from services.contracts.booking.today import DayView, ListDay
from services.contracts.booking.treated import GetTreatedSession, TreatedSession
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.notes import (
    AddAddendum,
    DiscardNote,
    GetNote,
    ListNotes,
    ListNoteToDos,
    NoteContent,
    NoteFormat,
    NoteKind,
    NoteMove,
    NoteState,
    NotesView,
    NoteToDosView,
    NoteView,
    RestoreNote,
    SavedNote,
    SignNote,
    StartNote,
    WithdrawSignature,
    WriteNote,
)
from services.contracts.plans.views import PlansView
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.app import create_app
from services.gateway.visitors import Visitor
from tests.unit.gateway import views
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_protection import settings
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import START, TREATING

NOTE, CLIENT, BOOKING = (UUID(str(uuid7())) for _ in range(3))
URL = f"/notes/{NOTE}"
TYPED = "Eisvogel: what was typed last"
SAVED = "Bachstelze: what was saved before"
SUPERVISING = Membership(
    practice_id=views.PRACTICE, practice_name="Linden", roles=[Role.SUPERVISOR]
)
WRITES = (SignNote, WithdrawSignature, AddAddendum, DiscardNote, RestoreNote)
FORM = {
    "revision": "2",
    "kind": "progress",
    "booking": str(BOOKING),
    "format": "soap",
    "subjective": TYPED,
}
DRAFT = NoteView(
    id=NOTE,
    client_id=CLIENT,
    practitioner_id=views.PERSON,
    kind=NoteKind.PROGRESS,
    state=NoteState.DRAFT,
    is_own=True,
    booking_id=BOOKING,
    session_at=START,
    changed_at=START,
    signed_at=None,
    plan_id=None,
    revision=5,
    content=NoteContent(format=NoteFormat.SOAP, subjective=SAVED),
    locks_at=None,
    may=[NoteMove.WRITE, NoteMove.SIGN],
)
SIGNED = DRAFT.model_copy(
    update={
        "state": NoteState.SIGNED,
        "signed_at": START,
        "locks_at": START,
        "may": [NoteMove.WITHDRAW, NoteMove.ADD],
    }
)
SESSION = TreatedSession(
    booking_id=BOOKING,
    practitioner_id=views.PERSON,
    client_id=CLIENT,
    state=BookingState.ATTENDED,
    starts_at=START,
)
KEPT = SavedNote(id=NOTE, revision=6, saved_at=START)


def desk(who: Visitor | Membership = TREATING, **told: Any) -> tuple[FastAPI, ToldBackend]:
    """The application before a practitioner with one client."""
    app = create_app(settings())
    app.state.doorkeeper = Knows(who if isinstance(who, Visitor) else visitor(who))
    client = ClientName(id=CLIENT, name="Jonas")
    answers: dict[Any, Any] = {
        GetNote: lambda _: DRAFT,
        ListNotes: lambda _: NotesView(notes=[]),
        ListNoteToDos: lambda _: NoteToDosView(to_dos=[]),
        ListTreated: lambda _: TreatedView(practitioner_id=views.PERSON, client_ids=[CLIENT]),
        GetTreatedSession: lambda _: SESSION,
        ListClients: lambda _: ClientsView(clients=[client]),
        ListPractitioners: lambda _: PractitionersView(practitioners=[views.practitioner_name()]),
        ListDay: lambda _: DayView(bookings=[]),
        ListPlans: lambda _: PlansView(plans=[]),
        StartNote: lambda _: KEPT,
        WriteNote: lambda _: KEPT,
    }
    named = {kind.__name__: kind for kind in (*answers, *WRITES)}
    changed = {named[name]: answer for name, answer in told.items()}
    app.state.backend = ToldBackend(answers | changed)
    return app, app.state.backend


def value_of(html: str, name: str) -> str:
    """What a hidden field holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]
