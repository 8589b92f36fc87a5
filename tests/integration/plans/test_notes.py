"""Notes: drafted, signed, withdrawn while fresh, locked, added to; and who reads them."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.plans.notes import (
    NoteChanged,
    NoteEmpty,
    NoteExists,
    NoteKind,
    NoteLocked,
    NoteNotSigned,
    NoteSigned,
    NoteState,
)
from tests.integration.plans.desk import Desk
from tests.integration.plans.note_desk import LOCK_AFTER, NoteDesk, soap

MOMENT = timedelta(microseconds=1)
OTHERS = (
    *(("practitioner",), ("owner",), ("admin",), ("billing",), ("front_desk",)),
    ("owner", "admin", "front_desk", "practitioner"),
)


@pytest.fixture
def notes(desk: Desk) -> NoteDesk:
    """The desk, where notes are written."""
    return NoteDesk(desk)


def test_a_draft_is_saved_as_it_is_typed(notes: NoteDesk) -> None:
    """Each save is a revision; the latest is read."""
    first = notes.start(soap("He"))
    second = notes.write(first.id, first.revision, soap("He came"))
    assert second.revision == first.revision + 1
    assert notes.read(first.id).content == soap("He came")
    assert notes.read(first.id).state is NoteState.DRAFT


def test_a_save_whose_answer_got_lost_may_be_sent_again(notes: NoteDesk) -> None:
    """The first one and later ones: the same text changes nothing and answers where it stands."""
    note_id = uuid7()
    first = notes.start(soap("He"), note_id=note_id)
    assert notes.start(soap("He"), note_id=note_id) == first
    second = notes.write(note_id, 1, soap("He came"))
    assert notes.write(note_id, 1, soap("He came")) == second
    assert notes.read(note_id).revision == 2


def test_another_window_overwrites_nothing(notes: NoteDesk) -> None:
    """It is told, and what was saved stays; the same id begun with other words likewise."""
    note_id = uuid7()
    notes.start(soap("One"), note_id=note_id)
    notes.write(note_id, 1, soap("Two"))
    with pytest.raises(NoteChanged):
        notes.write(note_id, 1, soap("Three"))
    with pytest.raises(NoteChanged):
        notes.start(soap("Three"), note_id=note_id)
    with pytest.raises(DifferentContent):
        notes.start(soap("Two"), note_id=note_id, kind="private")
    assert notes.read(note_id).content == soap("Two")


def test_a_session_has_one_progress_note_of_an_author(notes: NoteDesk) -> None:
    """A second one is refused and told which there is; private notes are not counted."""
    booking_id = uuid4()
    first = notes.start(booking_id=booking_id)
    with pytest.raises(NoteExists) as refused:
        notes.start(booking_id=booking_id)
    assert refused.value.detail == {"note_id": str(first.id)}
    notes.start(booking_id=booking_id, kind="private")
    notes.start(booking_id=booking_id, kind="private")
    assert notes.read(first.id).session_at == notes.now


def test_a_note_is_signed_as_it_was_read(notes: NoteDesk) -> None:
    """With who and when; a second press changes nothing, an older page is told."""
    draft = notes.start()
    notes.write(draft.id, 1, soap("Other words"))
    with pytest.raises(NoteChanged):
        notes.sign(draft)
    signed = notes.sign(notes.read(draft.id))
    assert (signed.state, signed.signed_at) == (NoteState.SIGNED, notes.now)
    assert signed.content == soap("Other words")
    before = draft.model_copy(update={"revision": 2})
    assert notes.sign(before) == signed


def test_nothing_is_signed_that_is_empty(notes: NoteDesk) -> None:
    """It stays a draft."""
    draft = notes.start(soap("  "))
    with pytest.raises(NoteEmpty):
        notes.sign(draft)
    assert notes.read(draft.id).state is NoteState.DRAFT


def test_a_late_save_does_not_change_what_was_signed(notes: NoteDesk) -> None:
    """Whatever revision it names."""
    signed = notes.signed()
    for revision in (1, 2, 3):
        with pytest.raises(NoteSigned):
            notes.write(signed.id, revision, soap("Too late"))
    with pytest.raises(NoteSigned):
        notes.start(soap("Too late"), note_id=signed.id)
    assert notes.read(signed.id) == signed


def test_a_fresh_signature_is_withdrawn_and_what_was_signed_stays(notes: NoteDesk) -> None:
    """The draft begins with it; it is read beside what is signed later, by the author."""
    signed = notes.signed(soap("As it was"))
    draft = notes.later(LOCK_AFTER - MOMENT).withdraw(signed)
    assert (draft.state, draft.content) == (NoteState.DRAFT, soap("As it was"))
    saved = notes.write(draft.id, draft.revision, soap("As it is"))
    again = notes.sign(saved)
    assert again.content == soap("As it is")
    assert [(one.content, one.signed_at) for one in again.withdrawn] == [
        (soap("As it was"), notes.now)
    ]
    assert notes.read(again.id, notes.member("supervisor")).withdrawn == []


def test_a_locked_note_stays_signed(notes: NoteDesk) -> None:
    """After the period, and after an addendum before."""
    signed, added = notes.signed(), notes.signed()
    after = notes.later(LOCK_AFTER)
    assert after.read(signed.id).state is NoteState.LOCKED
    with pytest.raises(NoteLocked):
        after.withdraw(signed)
    notes.add(added, "He called")
    with pytest.raises(NoteLocked):
        notes.withdraw(added)


def test_addenda_are_for_signed_notes_and_only_added(notes: NoteDesk) -> None:
    """The same form twice is one, with other words it is refused; locked notes take them too."""
    draft, addendum_id = notes.start(), uuid7()
    with pytest.raises(NoteNotSigned):
        notes.add(draft, "Too early")
    signed = notes.sign(draft)
    notes.add(signed, "He called", addendum_id)
    notes.add(signed, "He called", addendum_id)
    with pytest.raises(DifferentContent):
        notes.add(signed, "She called", addendum_id)
    with pytest.raises(NotFound):
        notes.add(notes.signed(), "He called", addendum_id)
    locked = notes.later(LOCK_AFTER).add(signed, "And again")
    assert [one.text for one in locked.addenda] == ["He called", "And again"]
    assert locked.content == signed.content


def test_a_note_belongs_to_the_living_plan_of_its_two_people(notes: NoteDesk) -> None:
    """Where there is one; a colleague's, or one that is over, is none."""
    assert notes.signed().plan_id is None
    plan = notes.desk.start()
    assert notes.signed().plan_id == plan.id
    assert notes.with_another_client().signed().plan_id is None


@pytest.mark.parametrize("kind", ["progress", "private"])
def test_to_everybody_else_a_note_does_not_exist(notes: NoteDesk, kind: str) -> None:
    """Colleagues, owner, admin, billing, front desk, its client, another practice: in no state."""
    draft, signed = notes.start(kind=kind), notes.signed(kind=kind)
    elsewhere = replace(notes.author, practice_id=uuid4())
    client = notes.desk.client
    within = replace(client, practice_id=notes.desk.practice_id)
    strangers = [elsewhere, client, within, *(notes.member(*roles) for roles in OTHERS)]
    for actor in strangers:
        for note in (draft, signed):
            with pytest.raises(NotFound):
                notes.read(note.id, actor)
        for act in (
            lambda actor=actor: notes.write(draft.id, 1, soap("Mine"), actor),
            lambda actor=actor: notes.sign(draft, actor),
            lambda actor=actor: notes.withdraw(signed, actor),
            lambda actor=actor: notes.add(signed, "Mine", actor=actor),
        ):
            with pytest.raises(NotFound):
                act()


def test_supervisors_read_signed_progress_notes_and_nothing_else(notes: NoteDesk) -> None:
    """They change none, and drafts and private notes do not exist for them."""
    signed, draft = notes.signed(), notes.start()
    private = notes.signed(kind="private")
    supervisor = notes.member("supervisor")
    seen = notes.read(signed.id, supervisor)
    assert (seen.content, seen.may, seen.is_own) == (signed.content, [], False)
    assert [one.id for one in notes.listed(supervisor)] == [signed.id]
    for hidden in (draft.id, private.id):
        with pytest.raises(NotFound):
            notes.read(hidden, supervisor)
    for act in (
        lambda: notes.write(signed.id, 2, soap("Mine"), supervisor),
        lambda: notes.withdraw(signed, supervisor),
        lambda: notes.add(signed, "Mine", actor=supervisor),
    ):
        with pytest.raises(NotFound):
            act()


def test_lists_tell_whose_notes_they_are_and_nothing_they_say(notes: NoteDesk) -> None:
    """An author's own, of all clients or one; who neither treats nor supervises is refused."""
    note, other = notes.signed(), notes.with_another_client().start(kind="private")
    assert {one.id for one in notes.listed()} == {note.id, other.id}
    [line] = notes.listed(client_id=notes.desk.client_id)
    assert (line.id, line.kind, line.state) == (note.id, NoteKind.PROGRESS, NoteState.SIGNED)
    assert notes.listed(plan_id=notes.desk.start().id) == [line]
    assert notes.listed(notes.member("practitioner")) == []
    elsewhere = replace(notes.author, practice_id=uuid4())
    for actor, plan_id in ((notes.author, uuid4()), (elsewhere, notes.desk.start().id)):
        with pytest.raises(NotFound):
            notes.listed(actor, plan_id=plan_id)
    for roles in (("owner",), ("front_desk", "admin"), ("billing",)):
        with pytest.raises(Forbidden):
            notes.listed(notes.member(*roles))


def test_attended_sessions_want_a_signed_progress_note(notes: NoteDesk) -> None:
    """Earliest first; one with a draft leads to it, a private note counts for nothing."""
    untouched, drafted, done, privately = (uuid4() for _ in range(4))
    draft = notes.start(booking_id=drafted)
    notes.sign(notes.start(booking_id=done))
    notes.sign(notes.start(booking_id=privately, kind="private"))
    sessions = [
        notes.attended(one, hours)
        for one, hours in ((untouched, 3), (drafted, 1), (done, 2), (privately, 4))
    ]
    found = [(one.booking_id, one.note_id) for one in notes.to_dos(sessions)]
    assert found == [(drafted, draft.id), (untouched, None), (privately, None)]
    assert notes.signed_since(notes.now) == [done]
    assert notes.signed_since(notes.now + timedelta(seconds=1)) == []


def test_nobody_keeps_notes_on_themselves_or_without_treating(notes: NoteDesk) -> None:
    """Refused before anything is written."""
    own = replace(notes, desk=replace(notes.desk, client_account=notes.author.account_id))
    with pytest.raises(Forbidden):
        own.start()
    with pytest.raises(Forbidden):
        notes.start(actor=notes.member("supervisor"))
    assert notes.listed() == []
