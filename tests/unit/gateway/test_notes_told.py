"""Notes as pages tell of them: to do, opened, supervised; nothing of them to anybody else."""

import re
from uuid import uuid4

import pytest

from services.common.clock import utc_now
from services.common.errors import NotFound, ServiceUnavailable
from services.contracts.plans.content import Party
from services.contracts.plans.notes import (
    ListNoteToDos,
    NoteContent,
    NoteFormat,
    NotesView,
    NoteToDo,
    NoteToDosView,
    StartNote,
)
from services.contracts.plans.views import AccessView
from services.contracts.profiles.accounts import Membership, Role
from services.gateway.web import plan_context
from services.gateway.web.zones import first_known
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


@pytest.mark.parametrize(
    ("is_by_link", "who"), [(False, "You"), (True, "Somebody with a booking’s link")]
)
def test_a_look_by_a_link_is_not_said_to_be_the_clients_own(*, is_by_link: bool, who: str) -> None:
    """Whoever a mail was passed on to may have written."""
    look = AccessView(
        at=START,
        party=Party.CLIENT,
        practitioner_id=None,
        is_write=True,
        kind="intake",
        is_by_link=is_by_link,
    )
    shown = first_known(chosen="UTC", cookie="", account="", practitioner="")
    assert plan_context.access(look, "Mara", shown, utc_now())["who"] == who


def test_an_erasure_is_told_as_what_the_house_did_for_who_discarded() -> None:
    """At its moment nobody was there."""
    look = AccessView(
        at=START,
        party=Party.PRACTITIONER,
        practitioner_id=uuid4(),
        is_write=True,
        kind="erased_note",
    )
    shown = first_known(chosen="UTC", cookie="", account="", practitioner="")
    told = plan_context.access(look, "Mara", shown, utc_now())
    assert (told["who"], told["act"], told["what"]) == (
        "Attune, for Mara",
        "erased",
        "the draft of a session note that was discarded",
    )
