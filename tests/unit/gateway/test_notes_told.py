"""Notes as pages tell of them: to do, opened, supervised; nothing of them to anybody else."""

import re

import pytest

from services.common.errors import NotFound, ServiceUnavailable
from services.contracts.plans.notes import (
    ListNoteToDos,
    NoteContent,
    NoteFormat,
    NotesView,
    NoteToDo,
    NoteToDosView,
    StartNote,
)
from services.contracts.profiles.accounts import Membership, Role
from tests.unit.gateway import views
from tests.unit.gateway.note_desk import (
    BOOKING,
    CLIENT,
    DRAFT,
    NOTE,
    SAVED,
    SIGNED,
    SUPERVISING,
    URL,
    desk,
    value_of,
)
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_availability import refuse
from tests.unit.gateway.test_today import START


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
    """With the client's name, and the way to the draft where one is begun."""
    to_dos = [
        NoteToDo(booking_id=BOOKING, client_id=CLIENT, starts_at=START, note_id=None),
        NoteToDo(booking_id=BOOKING, client_id=CLIENT, starts_at=START, note_id=NOTE),
    ]
    app, _ = desk(ListNoteToDos=lambda _: NoteToDosView(to_dos=to_dos))
    html = fetch(app, "/today").text
    assert f'href="/notes/new?booking={BOOKING}"' in html
    assert f'href="{URL}"' in html
    assert "Jonas" in html


@pytest.mark.parametrize("path", ["/today", "/notes"])
def test_what_cannot_be_told_is_not_said_to_be_done(path: str) -> None:
    """While plans is away no page says that every session has its note; it has nothing else to
    say where there is no calendar."""
    for refusal, is_told in ((ServiceUnavailable(""), False), (NotFound(""), True)):
        app, _ = desk(ListNoteToDos=refuse(refusal))
        page = fetch(app, path)
        assert page.status_code == 200
        assert ("has its signed note" in page.text) is is_told
        assert ("want a note cannot be read" in page.text) is not is_told


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
