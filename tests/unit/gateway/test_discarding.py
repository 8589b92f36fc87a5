"""Discarding a draft on its pages: asked first, undone by a button, no typed word dropped."""

from services.contracts.plans.notes import (
    NoteChanged,
    NoteContent,
    NoteDiscarded,
    NoteExists,
    NoteFormat,
    NotesView,
    NoteToDo,
    NoteToDosView,
)
from tests.unit.gateway.note_desk import (
    BOOKING,
    CLIENT,
    DRAFT,
    FORM,
    NOTE,
    SAVED,
    SIGNED,
    TYPED,
    URL,
    desk,
    value_of,
)
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_availability import refuse
from tests.unit.gateway.test_today import START

MAY = DRAFT.model_copy(update={"may_discard": True})
GONE = DRAFT.model_copy(
    update={
        "is_discarded": True,
        "content": NoteContent(format=NoteFormat.FREE),
        "restorable_until": START,
        "may": [],
        "may_restore": True,
    }
)


def test_it_is_asked_first_and_shows_what_goes() -> None:
    """With the revision that was shown; a note that cannot be discarded leads back to itself."""
    app, _ = desk(GetNote=lambda _: MAY)
    assert f'href="{URL}/discard"' in fetch(app, URL).text
    asked = fetch(app, f"{URL}/discard").text
    assert SAVED in asked
    assert value_of(asked, "revision") == "5"
    for note in (DRAFT, SIGNED):
        app, _ = desk(GetNote=lambda _, note=note: note)
        assert "/discard" not in fetch(app, URL).text
        assert fetch(app, f"{URL}/discard").headers["location"] == URL


def test_what_changed_meanwhile_is_read_before_it_goes() -> None:
    """The page asks again, with the words as they are now."""
    app, _ = desk(DiscardNote=refuse(NoteChanged("")), GetNote=lambda _: MAY)
    answer = post_form(app, f"{URL}/discard", {"revision": "4"})
    assert answer.status_code == 409
    assert "Read it as it is now" in answer.text
    assert value_of(answer.text, "revision") == "5"


def test_a_discarded_draft_offers_its_way_back_and_nothing_of_its_words() -> None:
    """On its own page, and in the list of notes beside those that stand."""
    app, _ = desk(GetNote=lambda _: GONE, RestoreNote=lambda _: DRAFT)
    html = fetch(app, URL).text
    assert f'action="{URL}/restore"' in html
    assert post_form(app, f"{URL}/restore", {}).headers["location"] == URL
    app, _ = desk(ListNotes=lambda _: NotesView(notes=[], discarded=[GONE]))
    html = fetch(app, "/notes").text
    assert "No notes yet" in html
    assert "Discarded drafts" in html


def test_what_was_typed_into_a_discarded_draft_is_shown() -> None:
    """It was not saved, and is there to be copied."""
    app, _ = desk(WriteNote=refuse(NoteDiscarded("")), GetNote=lambda _: GONE)
    answer = post_form(app, URL, FORM)
    assert answer.status_code == 409
    assert TYPED in answer.text
    assert "was not saved" in answer.text


def test_a_draft_that_cannot_come_back_says_why() -> None:
    """Another note of its session, or its days are over."""
    for refusal, leads_to in (
        (NoteExists("", {"note_id": str(NOTE)}), URL),
        (NoteDiscarded(""), "/notes"),
    ):
        app, _ = desk(RestoreNote=refuse(refusal))
        assert post_form(app, f"{URL}/restore", {}).headers["location"] == leads_to


def test_sessions_that_want_a_note_are_turned_ten_at_a_time() -> None:
    """The other lists stay where they are; a page that there is not is the last one."""
    to_dos = [
        NoteToDo(booking_id=BOOKING, client_id=CLIENT, starts_at=START, note_id=None)
        for _ in range(23)
    ]
    app, _ = desk(ListNoteToDos=lambda _: NoteToDosView(to_dos=to_dos))
    counts = {
        page: fetch(app, f"/notes?to_do={page}&page=2").text.count("Write the note")
        for page in ("", "2", "3", "99", "x", "-1")
    }
    assert counts == {"": 10, "2": 10, "3": 3, "99": 3, "x": 10, "-1": 10}
    html = fetch(app, "/notes?to_do=2&signed=3").text
    assert 'href="/notes?signed=3#to-write"' in html
    assert 'href="/notes?signed=3&amp;to_do=3#to-write"' in html
    assert "18 more to write" in fetch(app, "/today").text
