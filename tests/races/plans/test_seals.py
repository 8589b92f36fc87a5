"""Sealers racing for who looked: every look is in one seal, and the chain has no fork."""

from sqlalchemy import text

from services.plans.operations.auditing import seal_some
from services.plans.queries.invariants import CHECKS
from tests.integration.plans.desk import NOW
from tests.integration.plans.note_desk import NoteDesk
from tests.races.booking.racing import RACERS, race


def test_many_sealers_make_one_chain(notes: NoteDesk) -> None:
    """While others look: each waits for the one before, and none fails."""
    desk = notes.desk
    note = notes.start()

    def seal() -> None:
        notes.read(note.id)
        with desk.database.transaction(desk.practitioner) as tx:
            seal_some(tx, desk.practice_id, NOW, at_once=3)

    ended = race([seal] * RACERS)
    assert ended == {"won": RACERS}
    with desk.database.transaction(desk.practitioner) as tx:
        assert {rule: tx.scalar(text(count)) for rule, count in CHECKS.items()} == dict.fromkeys(
            CHECKS, 0
        )
