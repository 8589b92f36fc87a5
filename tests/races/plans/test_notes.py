"""Windows racing for one note: what is signed is what was saved last, and a session has one."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg2
import pytest

from deploy.local.stack import Stack
from services.common.errors import Busy
from services.contracts.plans.notes import NoteChanged, NoteState, NoteView
from tests.integration.plans.note_desk import NoteDesk, soap
from tests.races.booking.racing import RACERS, race

ONE_PER_SESSION = """
    CREATE UNIQUE INDEX notes_one_progress_per_session
        ON plans.notes (practice_id, booking_id, author_account_id)
        WHERE kind = 'progress' AND booking_id IS NOT NULL
"""
COUNT = "SELECT count(*) FROM plans.notes WHERE booking_id = :id"


def as_owner(servers: Stack, *statements: str) -> None:
    """Run statements as the role that owns the schema, in one transaction."""
    connection = psycopg2.connect(servers.database_url("owner"))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET ROLE attune_plans_owner")
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


@contextmanager
def without_the_guard(servers: Stack, notes: NoteDesk) -> Iterator[None]:
    """A session may have many; what the practice leaves behind is none of its any more."""
    as_owner(servers, "DROP INDEX plans.notes_one_progress_per_session")
    try:
        yield
    finally:
        practice = f"SELECT set_config('attune.practice_id', '{notes.desk.practice_id}', true)"
        as_owner(servers, practice, "UPDATE plans.notes SET booking_id = NULL", ONE_PER_SESSION)


@pytest.mark.parametrize("_round", range(3))
def test_a_session_that_many_windows_begin_a_note_of_has_one(notes: NoteDesk, _round: int) -> None:
    """Each has an id of its own; the others are told which note there is."""
    booking_id = uuid4()
    ended = race([lambda: notes.start(booking_id=booking_id)] * RACERS)
    assert ended == {"won": 1, "NoteExists": RACERS - 1}
    assert notes.count(COUNT, id=booking_id) == 1


def test_without_the_index_a_session_gets_several(notes: NoteDesk, servers: Stack) -> None:
    """The twin: looking before writing is not enough."""
    with without_the_guard(servers, notes):
        booking_id = uuid4()
        race([lambda: notes.start(booking_id=booking_id)] * RACERS)
        counted = notes.count(COUNT, id=booking_id)
    assert counted > 1


def test_one_form_sent_many_times_at_once_begins_one_note(notes: NoteDesk) -> None:
    """Every copy is answered alike."""
    note_id, booking_id = uuid4(), uuid4()
    ended = race([lambda: notes.start(note_id=note_id, booking_id=booking_id)] * RACERS)
    assert ended == {"won": RACERS}
    assert notes.read(note_id).revision == 1


@pytest.mark.parametrize("_round", range(3))
def test_saves_that_race_with_signing_change_nothing_that_is_signed(
    notes: NoteDesk, _round: int
) -> None:
    """What was signed is the last text that was answered as saved; later ones are refused."""
    draft = notes.start(soap("0"))
    kept: list[tuple[int, str]] = [(draft.revision, "0")]
    signed: list[NoteView] = []

    def save(number: int) -> None:
        words = str(number)
        saved = notes.write(draft.id, notes.read(draft.id).revision, soap(words))
        kept.append((saved.revision, words))

    def sign() -> None:
        for _ in range(100):
            seen = notes.read(draft.id)
            try:
                signed.append(notes.sign(seen))
                return
            except (NoteChanged, Busy):
                continue

    ended = race([sign, *(lambda number=number: save(number) for number in range(1, RACERS))])
    assert set(ended) <= {"won", "NoteChanged", "NoteSigned"}
    [view] = signed
    found = notes.read(draft.id)
    assert (found.state, found.content) == (NoteState.SIGNED, view.content)
    assert found.content == soap(dict(kept)[view.revision - 1])
    assert max(kept)[0] == view.revision - 1


def test_two_windows_that_save_at_once_lose_no_word(notes: NoteDesk) -> None:
    """One is kept, the others are told; nobody is answered as saved and then overwritten unseen."""
    draft = notes.start(soap("0"))
    tries = [lambda n=n: notes.write(draft.id, 1, soap(str(n))) for n in range(1, RACERS + 1)]
    assert race(tries) == {"won": 1, "NoteChanged": RACERS - 1}
    assert notes.read(draft.id).revision == 2
