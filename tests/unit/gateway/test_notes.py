"""Pages of notes: no typed word is dropped, whoever saved, signed or signed out meanwhile."""

import re
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.common.errors import NotFound, ServiceUnavailable
from services.contracts.booking.bookings import (
    BookingState,
    ListSessions,
    ListTreated,
    SessionsView,
    TreatedView,
)
from services.contracts.booking.treated import GetTreatedSession, TreatedSession
from services.contracts.plans.content import Party
from services.contracts.plans.notes import (
    AddAddendum,
    GetNote,
    ListNotes,
    ListNoteToDos,
    NoteChanged,
    NoteContent,
    NoteEmpty,
    NoteExists,
    NoteFormat,
    NoteKind,
    NoteLocked,
    NoteMove,
    NoteSigned,
    NoteState,
    NotesView,
    NoteToDo,
    NoteToDosView,
    NoteView,
    SavedNote,
    SignNote,
    StartNote,
    WithdrawSignature,
    WriteNote,
)
from services.contracts.plans.views import AccessView
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientName, ClientsView, ListClients
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.app import create_app
from services.gateway.visitors import Visitor
from services.gateway.web import plan_context
from services.gateway.web.zones import first_known
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_availability import refuse
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
        ListSessions: lambda _: SessionsView(bookings=[]),
        StartNote: lambda _: KEPT,
        WriteNote: lambda _: KEPT,
    }
    named = {kind.__name__: kind for kind in (*answers, SignNote, WithdrawSignature, AddAddendum)}
    changed = {named[name]: answer for name, answer in told.items()}
    app.state.backend = ToldBackend(answers | changed)
    return app, app.state.backend


def value_of(html: str, name: str) -> str:
    """What a hidden field holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]


def test_who_was_signed_out_gets_back_what_they_typed() -> None:
    """All of it, with 401, left in no cache; nothing is asked of anybody."""
    app, backend = desk(Visitor())
    answer = post_form(app, URL, FORM)
    assert answer.status_code == 401
    assert answer.headers["cache-control"] == "no-store"
    assert TYPED in answer.text
    assert "nothing of this is lost" in answer.text
    assert value_of(answer.text, "revision") == "2"
    assert value_of(answer.text, "booking") == str(BOOKING)
    assert backend.asked == []


def test_what_another_window_saved_is_shown_beside_what_was_typed() -> None:
    """Both texts; saving again replaces the revision that is shown."""
    app, _ = desk(WriteNote=refuse(NoteChanged("")))
    answer = post_form(app, URL, FORM)
    assert answer.status_code == 409
    assert TYPED in answer.text
    assert SAVED in answer.text
    assert value_of(answer.text, "revision") == "5"


def test_what_was_typed_after_signing_is_shown_beside_what_is_signed() -> None:
    """It can become an addendum."""
    app, _ = desk(WriteNote=refuse(NoteSigned("")), GetNote=lambda _: SIGNED)
    answer = post_form(app, URL, FORM)
    assert answer.status_code == 409
    assert TYPED in answer.text
    assert SAVED in answer.text
    assert "Add to this note" in answer.text


def test_a_second_note_of_a_session_leads_to_the_first_with_what_was_typed() -> None:
    """Begun in two windows: the later one goes on in the note that is there."""
    exists = NoteExists("", {"note_id": str(NOTE)})
    app, _ = desk(StartNote=refuse(exists))
    answer = post_form(app, f"/notes/{uuid7()}", FORM | {"revision": "0"})
    assert answer.status_code == 409
    assert f'action="{URL}"' in answer.text
    assert TYPED in answer.text
    assert SAVED in answer.text


@pytest.mark.parametrize("revision", ["0", "2"])
def test_a_note_that_is_too_long_is_shown_again_whole(revision: str) -> None:
    """The fields are named, and the revision is still the one that was read."""
    app, backend = desk()
    long = {"assessment": "x" * 6001, "subjective": TYPED, "revision": revision}
    answer = post_form(app, URL, FORM | long)
    assert answer.status_code == 422
    assert 'href="#field-assessment"' in answer.text
    assert TYPED in answer.text
    assert "x" * 6001 in answer.text
    assert value_of(answer.text, "revision") == revision
    assert not {StartNote, WriteNote} & {type(one) for one in backend.asked}


def test_a_form_without_a_session_or_client_says_so() -> None:
    """As when its hidden fields were lost; what was typed is kept with a known client."""
    app, _ = desk()
    form = FORM | {"revision": "0", "client": str(CLIENT)}
    answer = post_form(app, URL, form)
    assert answer.status_code == 422
    assert "does not say whom the note is about" in answer.text
    assert TYPED in answer.text


def test_saving_by_itself_answers_the_next_revision_and_the_time() -> None:
    """And nothing that the note says."""
    app, _ = desk()
    answer = post_form(app, f"{URL}/draft", FORM)
    assert answer.status_code == 200
    assert answer.json()["revision"] == 6
    assert re.fullmatch(r"Saved \d\d:\d\d", answer.json()["saved_label"])
    assert TYPED not in answer.text


def test_go_on_to_sign_saves_first_and_asks_then() -> None:
    """The text that will be signed is the one that was typed."""
    app, backend = desk()
    answer = post_form(app, URL, FORM | {"act": "sign"})
    assert answer.headers["location"] == f"{URL}/sign"
    [write] = [one for one in backend.asked if isinstance(one, WriteNote)]
    assert (write.revision, write.content.subjective) == (2, TYPED)


@pytest.mark.parametrize(("refusal", "status"), [(NoteChanged, 409), (NoteEmpty, 422)])
def test_what_cannot_be_signed_is_asked_again(refusal: Any, status: int) -> None:
    """With the draft as it stands now."""
    app, _ = desk(SignNote=refuse(refusal("")))
    answer = post_form(app, f"{URL}/sign", {"revision": "4"})
    assert answer.status_code == status
    assert SAVED in answer.text
    assert value_of(answer.text, "revision") == "5"


def test_a_signature_that_stands_is_said_to() -> None:
    """Back on the note's page."""
    app, _ = desk(WithdrawSignature=refuse(NoteLocked("")), GetNote=lambda _: SIGNED)
    answer = post_form(app, f"{URL}/withdraw", {"revision": "5"})
    assert (answer.status_code, answer.headers["location"]) == (303, URL)


def test_an_addendum_needs_words() -> None:
    """The field is named, and nothing is asked for."""
    app, backend = desk(GetNote=lambda _: SIGNED)
    answer = post_form(app, f"{URL}/addenda", {"form_id": str(uuid7()), "text": " "})
    assert answer.status_code == 422
    assert 'href="#field-text"' in answer.text
    assert AddAddendum not in {type(one) for one in backend.asked}


def test_opening_a_new_note_writes_nothing_and_finds_the_one_that_is_there() -> None:
    """A GET changes nothing; a session's progress note is gone on with."""
    app, backend = desk()
    page = fetch(app, f"/notes/new?booking={BOOKING}")
    assert page.status_code == 200
    assert "Progress note about Jonas" in page.text
    assert value_of(page.text, "revision") == "0"
    assert StartNote not in {type(one) for one in backend.asked}
    app, _ = desk(ListNotes=lambda _: NotesView(notes=[DRAFT]))
    assert fetch(app, f"/notes/new?booking={BOOKING}").headers["location"] == URL
    private = fetch(app, f"/notes/new?booking={BOOKING}&kind=private")
    assert "Read by you alone" in private.text


def test_sections_of_the_format_are_shown_and_no_words_are_hidden() -> None:
    """A free note that still holds what was typed under SOAP shows both."""
    content = NoteContent(format=NoteFormat.FREE, plan=SAVED)
    app, _ = desk(GetNote=lambda _: DRAFT.model_copy(update={"content": content}))
    html = fetch(app, URL).text
    hidden = re.findall(r'data-formats="[^"]*" hidden>.*?name="(\w+)"', html, re.DOTALL)
    assert set(hidden) == {"subjective", "objective", "data", "assessment"}


def test_the_day_tells_of_sessions_that_want_a_note() -> None:
    """With the client's name; while plans is away, the day has its sessions all the same."""
    to_dos = [
        NoteToDo(booking_id=BOOKING, client_id=CLIENT, starts_at=START, note_id=None),
        NoteToDo(booking_id=BOOKING, client_id=CLIENT, starts_at=START, note_id=NOTE),
    ]
    app, _ = desk(ListNoteToDos=lambda _: NoteToDosView(to_dos=to_dos))
    html = fetch(app, "/today").text
    assert f'href="/notes/new?booking={BOOKING}"' in html
    assert f'href="{URL}"' in html
    assert "Jonas" in html
    for refusal in (ServiceUnavailable(""), NotFound("")):
        app, _ = desk(ListNoteToDos=refuse(refusal))
        assert fetch(app, "/today").status_code == 200


def test_supervisors_see_the_practices_notes_and_no_way_to_write() -> None:
    """Whose each is, and no to-dos of theirs."""
    theirs = SIGNED.model_copy(update={"is_own": False, "may": []})
    app, backend = desk(SUPERVISING, ListNotes=lambda _: NotesView(notes=[theirs]))
    html = fetch(app, "/notes").text
    assert "Signed notes of the practice" in html
    assert "Write a note" not in html
    assert ListNoteToDos not in {type(one) for one in backend.asked}
    app, _ = desk(SUPERVISING, GetNote=lambda _: theirs)
    assert "Add to this note" not in fetch(app, URL).text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FRONT_DESK, Role.BILLING, Role.OWNER])
def test_others_of_the_practice_have_no_list_of_notes(role: Role) -> None:
    """Refused before any service is asked."""
    member = Membership(practice_id=views.PRACTICE, practice_name="Linden", roles=[role])
    app, backend = desk(member)
    for path in ("/notes", f"/notes/new?booking={BOOKING}"):
        assert fetch(app, path).status_code == 403
    assert backend.asked == []


def test_a_supervisors_look_is_told_as_one() -> None:
    """To the client, who is not told another's name for it."""
    look = AccessView(
        at=START,
        party=Party.PRACTITIONER,
        practitioner_id=None,
        is_write=False,
        kind="note",
        is_supervisor=True,
    )
    shown = first_known(chosen="UTC", cookie="", account="", practitioner="")
    told = plan_context.access(look, "Mara", shown, utc_now())
    assert (told["who"], told["act"], told["what"]) == (
        "A supervisor of the practice",
        "read",
        "a session note",
    )
