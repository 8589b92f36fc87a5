"""Drafts that are discarded: shown to nobody, restored for a while, then erased."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from services.common.errors import NotFound
from services.contracts.plans.notes import (
    NoteChanged,
    NoteContent,
    NoteDiscarded,
    NoteExists,
    NoteFormat,
    NoteNotSigned,
    NoteSigned,
    NoteState,
)
from services.plans.domain.notes import KEPT_DISCARDED
from services.plans.operations.auditing import seal_some
from services.plans.operations.looking import accesses_view
from services.plans.queries import charts
from tests.integration.plans.desk import Desk
from tests.integration.plans.note_desk import SAID, NoteDesk, soap

MOMENT = timedelta(microseconds=1)
NOTHING = NoteContent(format=NoteFormat.FREE)
ERASURES = """SELECT kind, is_write, by_account_id, by_booking_id, practitioner_id, at
    FROM plans.accesses WHERE record_id = :id AND kind LIKE 'erased%'"""
LOOKED = """
    INSERT INTO plans.accesses (practice_id, id, chart_id, party, by_account_id, is_write, kind,
        record_id, at)
    SELECT practice_id, gen_random_uuid(), chart_id, party, {by}, true, {kind}, record_id, at
    FROM plans.accesses LIMIT 1"""


@pytest.fixture
def notes(desk: Desk) -> NoteDesk:
    """The desk, where notes are written."""
    return NoteDesk(desk)


def test_a_discarded_draft_says_nothing_and_its_session_wants_a_note_again(
    notes: NoteDesk,
) -> None:
    """Sent again it changes nothing; it is the author's alone to see that there was one."""
    booking_id = uuid4()
    draft = notes.start(booking_id=booking_id)
    gone = notes.discard(draft)
    assert notes.discard(draft, revision=draft.revision) == gone
    assert (gone.is_discarded, gone.content, gone.may) == (True, NOTHING, [])
    assert gone.restorable_until == notes.now + KEPT_DISCARDED
    assert notes.listed() == []
    assert [one.id for one in notes.discarded()] == [draft.id]
    [to_do] = notes.to_dos([notes.attended(booking_id)])
    assert to_do.note_id is None
    supervisor = notes.member("supervisor")
    assert notes.listed(supervisor) == notes.discarded(supervisor) == []
    with pytest.raises(NotFound):
        notes.read(draft.id, supervisor)


def test_it_comes_back_with_its_words_until_the_moment_when_its_time_is_over(
    notes: NoteDesk,
) -> None:
    """Restoring may be repeated, and is refused from that moment on."""
    draft = notes.start()
    notes.discard(draft)
    last = notes.later(KEPT_DISCARDED - MOMENT)
    back = last.restore(draft)
    assert (back.state, back.is_discarded) == (NoteState.DRAFT, False)
    assert back.content == soap()
    assert last.restore(draft) == back
    last.discard(back)
    with pytest.raises(NoteDiscarded):
        last.later(KEPT_DISCARDED).restore(draft)


def test_nothing_is_written_signed_or_added_in_a_discarded_draft(notes: NoteDesk) -> None:
    """Also not by a save that was on its way; what another window read is not discarded."""
    draft = notes.start()
    newer = notes.write(draft.id, draft.revision, soap("More"))
    with pytest.raises(NoteChanged):
        notes.discard(draft)
    gone = notes.discard(newer)
    for revision in (newer.revision, gone.revision):
        with pytest.raises(NoteDiscarded):
            notes.write(draft.id, revision, soap("Late"))
    with pytest.raises(NoteChanged):
        notes.sign(gone)
    with pytest.raises(NoteNotSigned):
        notes.add(gone, "Late")
    assert notes.restore(gone).content == soap("More")


@pytest.mark.parametrize("kind", ["progress", "private"])
def test_what_was_ever_signed_is_not_discarded(notes: NoteDesk, kind: str) -> None:
    """Neither while it is signed nor once the signature is withdrawn."""
    signed = notes.signed(kind=kind)
    with pytest.raises(NoteSigned):
        notes.discard(signed)
    with pytest.raises(NoteSigned):
        notes.later(timedelta(days=9)).discard(signed)
    withdrawn = notes.withdraw(signed)
    with pytest.raises(NoteSigned):
        notes.discard(withdrawn)
    assert notes.read(signed.id).content == soap()


def test_the_database_holds_that_as_well(notes: NoteDesk) -> None:
    """Whatever the code asks: what locks was signed, and is not discarded."""
    signed = notes.signed()
    act = "UPDATE plans.notes SET state = 'discarded', discarded_at = now(), signed_at = NULL, "
    act += "withdrawn_at = signed_at"
    with pytest.raises(IntegrityError, match="notes_discarded_were_never"):
        notes.desk.rows(f"{act} WHERE id = :id", id=signed.id)


@pytest.mark.parametrize("kind", ["progress", "private"])
def test_only_the_author_discards_and_restores(notes: NoteDesk, kind: str) -> None:
    """To everybody else of the practice the draft does not exist."""
    draft = notes.start(kind=kind)
    for roles in (("practitioner",), ("supervisor",), ("owner", "admin"), ("front_desk",)):
        with pytest.raises(NotFound):
            notes.discard(draft, notes.member(*roles))
    notes.discard(draft)
    for roles in (("practitioner",), ("supervisor",), ("owner", "admin"), ("front_desk",)):
        with pytest.raises(NotFound):
            notes.restore(draft, notes.member(*roles))


def test_a_session_that_has_another_note_by_then_keeps_that(notes: NoteDesk) -> None:
    """The earlier draft comes back once the other one is discarded."""
    booking_id = uuid4()
    first = notes.start(booking_id=booking_id)
    notes.discard(first)
    second = notes.start(soap("Anew"), booking_id=booking_id)
    with pytest.raises(NoteExists) as refused:
        notes.restore(first)
    assert refused.value.detail == {"note_id": str(second.id)}
    notes.discard(second)
    assert notes.restore(first).content == soap()


def test_after_its_days_the_text_is_erased_and_the_note_is_nowhere(notes: NoteDesk) -> None:
    """Not before; that there was one, and who wrote and discarded it, stays in the log."""
    kept, gone = notes.start(), notes.start()
    notes.discard(gone)
    notes.restore(notes.discard(kept))
    query = "SELECT count(*) FROM plans.notes WHERE id = :id AND sealed IS NOT NULL"
    assert notes.later(KEPT_DISCARDED - MOMENT).purge() == []
    late = notes.later(KEPT_DISCARDED)
    assert late.purge() == [gone.id]
    assert late.purge() == []
    assert notes.count(query, id=gone.id) == 0
    assert notes.count(query, id=kept.id) == 1
    assert [one.id for one in late.listed()] == [kept.id]
    with pytest.raises(NotFound):
        late.read(gone.id)
    looks = "SELECT count(*) FROM plans.accesses WHERE record_id = :id AND is_write"
    looks += " AND by_account_id IS NOT NULL"
    assert notes.count(looks, id=gone.id) == 2
    assert SAID in notes.read(kept.id).content.subjective


@pytest.mark.parametrize(
    ("kind", "erased", "is_told"),
    [("progress", "erased_note", True), ("private", "erased_private_note", False)],
)
def test_an_erasure_is_written_down_once_and_by_no_account(
    kind: str, erased: str, is_told: bool, notes: NoteDesk
) -> None:
    """At its moment, as of whose discarding it came; a client reads it, but of no private note.
    The chain over who looked covers it."""
    gone = notes.start(kind=kind)
    notes.discard(gone)
    late = notes.later(KEPT_DISCARDED)
    assert (late.purge(), late.purge()) == ([gone.id], [])
    whose = notes.desk.practitioner_id
    rows = [list(row) for row in notes.desk.rows(ERASURES, id=gone.id)]
    assert rows == [[erased, True, None, None, whose, late.now]]
    with notes.desk.database.transaction(notes.author) as tx:
        chart = charts.chart_of_client(tx, notes.desk.practice_id, notes.desk.client_id)
        told = accesses_view(tx, notes.desk.practice_id, chart.id).accesses
        assert seal_some(tx, notes.desk.practice_id, late.now) is not None
    found = [(one.practitioner_id, one.at) for one in told if one.kind == erased]
    assert found == ([(whose, late.now)] if is_told else [])
    assert notes.count("SELECT count(*) FROM plans.accesses WHERE seal_number IS NULL") == 0


def test_a_restored_draft_is_not_erased_in_the_log(notes: NoteDesk) -> None:
    """The twin: nothing happened to it."""
    back = notes.restore(notes.discard(notes.start()))
    assert notes.later(KEPT_DISCARDED).purge() == []
    assert notes.desk.rows(ERASURES, id=back.id) == []


@pytest.mark.parametrize(
    ("by", "kind"), [("NULL", "'note'"), ("gen_random_uuid()", "'erased_note'")]
)
def test_only_an_erasure_is_by_nobody(by: str, kind: str, notes: NoteDesk) -> None:
    """The database refuses a look that nobody took, and an erasure with an account."""
    notes.start()
    with pytest.raises(IntegrityError, match="accesses_by_one"):
        notes.desk.rows(LOOKED.format(by=by, kind=kind))
