"""Writing notes: no typed word is dropped, whoever saved, signed or signed out meanwhile."""

import re
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.contracts.plans.notes import (
    AddAddendum,
    NoteChanged,
    NoteEmpty,
    NoteExists,
    NoteLocked,
    NoteSigned,
    StartNote,
    WriteNote,
)
from services.gateway.visitors import Visitor
from tests.unit.gateway.note_desk import (
    BOOKING,
    CLIENT,
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
from tests.unit.gateway.test_availability import refuse


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


def test_who_was_signed_out_gets_back_their_addendum() -> None:
    """In a form that adds it once, with 401, left in no cache; nothing is asked of anybody."""
    app, backend = desk(Visitor())
    once = str(uuid7())
    answer = post_form(app, f"{URL}/addenda", {"form_id": once, "text": TYPED})
    assert (answer.status_code, backend.asked) == (401, [])
    assert answer.headers["cache-control"] == "no-store"
    assert TYPED in answer.text
    assert "nothing you wrote is lost" in answer.text
    assert value_of(answer.text, "form_id") == once
    assert f'action="{URL}/addenda"' in answer.text


def test_an_addendum_needs_words() -> None:
    """The field is named, and nothing is asked for."""
    app, backend = desk(GetNote=lambda _: SIGNED)
    answer = post_form(app, f"{URL}/addenda", {"form_id": str(uuid7()), "text": " "})
    assert answer.status_code == 422
    assert 'href="#field-text"' in answer.text
    assert AddAddendum not in {type(one) for one in backend.asked}
