"""Notes as rows: ciphertext bound to its place, signed text that stays, every look written down."""

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from services.contracts.plans.commands import ListAccesses
from services.contracts.plans.notes import NoteContent, NoteFormat
from services.contracts.plans.views import VisitView
from services.plans.operations import reading
from services.plans.operations.sealing import KeyRing, Unreadable, new_data_key
from tests.integration.plans.desk import RING, Desk
from tests.integration.plans.note_desk import LOCK_AFTER, NoteDesk, soap
from tests.integration.plans.test_encryption import dump

ADDED = "Ziegenmelker: he rang"
WITHDRAWN_LATE = (
    "state = 'draft', signed_at = NULL, withdrawn_at = locks_at,"
    " sealed = decode(repeat('00', 40), 'hex')"
)


@pytest.fixture
def notes(desk: Desk) -> NoteDesk:
    """The desk, where notes are written."""
    return NoteDesk(desk)


def _counted(table: str) -> TextClause:
    return text(f"SELECT count(*) FROM plans.{table}")


def looks(notes: NoteDesk) -> list[VisitView]:
    """What the client is told of who looked, on the page of a plan."""
    plan = notes.desk.propose(notes.desk.ready())
    with notes.desk.database.transaction(notes.desk.client) as tx:
        asked = ListAccesses(plan_id=plan.id)
        found = reading.list_accesses(tx, asked, actor=notes.desk.client).visits
    return [one for one in found if "note" in one.read + one.written]


def test_no_word_of_a_note_is_stored_in_the_clear(notes: NoteDesk) -> None:
    """Of drafts, of what was signed and withdrawn, of addenda, of both kinds."""
    words = NoteContent(format=NoteFormat.DAP, data="Wendehals", assessment="Rohrsaenger")
    for kind in ("progress", "private"):
        notes.start(words, kind=kind)
        notes.withdraw(notes.signed(words, kind=kind))
        notes.add(notes.signed(words, kind=kind), ADDED)
    told = dump(notes.desk, "notes", "note_signatures", "note_addenda")
    assert str(notes.desk.practitioner_id).encode() in told
    for word in (b"Wendehals", b"Rohrsaenger", b"Ziegenmelker", b"dap"):
        assert word not in told


def test_a_text_that_was_moved_does_not_open(notes: NoteDesk) -> None:
    """To another chart, to another note of the same chart, or an older draft put back."""
    note, same, other = notes.start(), notes.start(), notes.with_another_client().start()
    for source in (same, other):
        notes.desk.rows(
            "UPDATE plans.notes SET sealed = (SELECT sealed FROM plans.notes WHERE id = :a)"
            " WHERE id = :b RETURNING 1",
            a=source.id,
            b=note.id,
        )
        with pytest.raises(Unreadable):
            notes.read(note.id)
    [(old,)] = notes.desk.rows("SELECT sealed FROM plans.notes WHERE id = :id", id=same.id)
    notes.write(same.id, 1, soap("Newer"))
    update = "UPDATE plans.notes SET sealed = :old WHERE id = :id RETURNING 1"
    notes.desk.rows(update, old=old, id=same.id)
    with pytest.raises(Unreadable):
        notes.read(same.id)


def test_keys_change_under_notes_as_under_plans(notes: NoteDesk) -> None:
    """Drafts, what was signed and what was added are read under the new key alone."""
    draft, signed = notes.start(), notes.add(notes.signed(), ADDED)
    new = new_data_key()
    notes.desk.rotate(KeyRing({1: RING.keys[1], 2: new}, 2))
    notes.desk.ring = KeyRing({2: new}, 2)
    assert notes.read(draft.id).content == soap()
    assert notes.read(signed.id) == signed


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE plans.note_signatures SET sealed = sealed",
        "DELETE FROM plans.note_signatures",
        "UPDATE plans.note_addenda SET sealed = sealed",
        "DELETE FROM plans.note_addenda",
        "DELETE FROM plans.notes",
    ],
)
def test_what_was_signed_is_neither_changed_nor_removed(notes: NoteDesk, act: str) -> None:
    """By the role that serves requests, whatever its code asks."""
    notes.add(notes.signed(), ADDED)
    with pytest.raises(ProgrammingError, match="permission denied"):
        notes.desk.rows(act)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("sealed = '\\x00'", "notes_are_sealed"),
        ("sealed = decode(repeat('00', 40), 'hex')", "notes_signed_hold_no_draft"),
        ("signed_at = NULL, locks_at = NULL", "notes_signed_say_when"),
        ("locks_at = NULL", "notes_signed_lock"),
        ("withdrawn_at = signed_at", "notes_signed_or_withdrawn"),
        (WITHDRAWN_LATE, "notes_locked_stay_signed"),
    ],
)
def test_the_database_holds_what_a_signed_note_is(
    notes: NoteDesk, change: str, constraint: str
) -> None:
    """A text beside the signed one, a signature without its time, a withdrawal after the lock."""
    signed = notes.signed()
    with pytest.raises(IntegrityError, match=constraint):
        notes.desk.rows(f"UPDATE plans.notes SET {change} WHERE id = :id", id=signed.id)


def test_an_addendum_to_what_was_never_signed_is_not_stored(notes: NoteDesk) -> None:
    """The row names the signed text."""
    draft = notes.start()
    with pytest.raises(IntegrityError, match="note_addenda_are_to_signed_text"):
        notes.desk.rows(
            "INSERT INTO plans.note_addenda (practice_id, id, note_id, revision, chart_id, sealed,"
            " added_at) SELECT practice_id, id, id, revision, chart_id, sealed, changed_at"
            " FROM plans.notes WHERE id = :id",
            id=draft.id,
        )


def test_a_clients_transaction_finds_no_note(notes: NoteDesk) -> None:
    """The policies show clients their plans and none of these rows, whatever a query asks."""
    notes.add(notes.signed(), ADDED)
    notes.desk.start()
    with notes.desk.database.transaction(notes.desk.client) as tx:
        counts = [
            tx.execute(_counted(table)).scalar_one()
            for table in ("plans", "notes", "note_signatures", "note_addenda")
        ]
    assert counts == [1, 0, 0, 0]


def test_every_read_and_write_of_a_note_is_written_down(notes: NoteDesk) -> None:
    """Of both kinds, with the note's id; drafts saved as they were typed too."""
    for kind, record in (("progress", "note"), ("private", "private_note")):
        draft = notes.start(kind=kind)
        saved = notes.write(draft.id, 1, soap("More"))
        notes.read(draft.id)
        notes.add(notes.sign(saved), ADDED)
        counted = [
            notes.count(
                "SELECT count(*) FROM plans.accesses WHERE kind = :kind AND record_id = :id"
                " AND by_account_id = :by AND is_write = :is_write",
                kind=record,
                id=draft.id,
                by=notes.desk.practitioner_account,
                is_write=is_write,
            )
            for is_write in (True, False)
        ]
        # Written: begun, saved, signed. Read: on its page, before and after signing, when added to.
        assert counted == [3, 4]
        added = "SELECT count(*) FROM plans.accesses WHERE kind = :kind"
        assert notes.count(added, kind=record.replace("note", "addendum")) == 2


def test_the_client_is_told_who_looked_at_notes_and_nothing_of_private_ones(
    notes: NoteDesk,
) -> None:
    """What was saved as it was typed is one line; a supervisor's look says that it was one, and
    whose."""
    draft = notes.start(soap("H"))
    for revision in range(1, 6):
        notes.write(draft.id, revision, soap("H" * (revision + 1)))
    notes.signed(kind="private")
    notes.add(notes.signed(kind="private"), ADDED)
    signed = notes.later(LOCK_AFTER).sign(notes.read(draft.id))
    supervisor = notes.member("supervisor")
    notes.later(2 * LOCK_AFTER).read(signed.id, supervisor)
    visits = looks(notes)
    assert {one.account_id for one in visits if one.is_supervisor} == {supervisor.account_id}
    assert [(one.is_supervisor, one.read, one.written) for one in visits] == [
        (True, ["note"], []),
        (False, ["note"], ["note"]),
        (False, ["note", "version"], ["note", "version"]),
    ]
