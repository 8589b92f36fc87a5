"""Who looked, sealed: quiet on what happened, and loud on everything that is changed afterwards."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from services.plans.operations.auditing import AT_ONCE, seal_some
from services.plans.queries.audit import PRACTICES
from services.plans.queries.invariants import CHECKS
from services.plans.queries.invariants import PRACTICES as LOOKED_AT
from tests.integration.plans.desk import NOW, Desk

_, AS_SEALED, WHOLE, IN_TIME = CHECKS
TAMPERED = [
    "UPDATE plans.accesses SET by_account_id = gen_random_uuid() WHERE id = :first",
    "UPDATE plans.accesses SET at = at + interval '1 microsecond' WHERE id = :first",
    "UPDATE plans.accesses SET is_write = NOT is_write WHERE id = :first",
    "UPDATE plans.accesses SET kind = 'note' WHERE id = :first",
    "UPDATE plans.accesses SET practitioner_id = NULL WHERE id = :first",
    "UPDATE plans.accesses SET seal_number = 2 WHERE id = :first",
    "UPDATE plans.accesses SET seal_number = NULL WHERE id = :first",
    "DELETE FROM plans.accesses WHERE id = :first",
    """INSERT INTO plans.accesses (practice_id, id, chart_id, party, by_account_id, is_write, kind,
         record_id, at, seal_number)
       SELECT practice_id, gen_random_uuid(), chart_id, party, by_account_id, is_write, kind,
         record_id, at, seal_number FROM plans.accesses WHERE id = :first""",
    "UPDATE plans.access_seals SET digest = sha256(digest) WHERE number = 1 AND :first = :first",
    "UPDATE plans.access_seals SET accesses = accesses + 1 WHERE number = 2 AND :first = :first",
]


def seal(desk: Desk, at_once: int = AT_ONCE) -> list[int]:
    """Seal all that there is; how many looks each new seal covers."""
    made = []
    with desk.database.transaction(desk.practitioner) as tx:
        while found := seal_some(tx, desk.practice_id, NOW, at_once):
            made.append(found.accesses)
    return made


def looks(desk: Desk, which: str = "true") -> int:
    """How many were written down."""
    [row] = desk.rows(f"SELECT count(*) FROM plans.accesses WHERE {which}")
    return int(str(row[0]))


def violated(desk: Desk) -> set[str]:
    """The rules that the practice's rows break."""
    with desk.database.transaction(desk.practitioner) as tx:
        return {rule for rule, count in CHECKS.items() if tx.scalar(text(count))}


@pytest.fixture
def sealed(desk: Desk) -> Desk:
    """Two seals over a plan that both signed and read."""
    plan = desk.agreed()
    seal(desk)
    desk.read(plan.id, desk.client)
    seal(desk)
    return desk


def test_every_look_is_sealed_once_and_the_chain_holds(desk: Desk) -> None:
    """In batches, each after the one before; what is looked at later is in a later one, and where
    nobody looked there is none."""
    assert seal(desk) == []
    plan = desk.agreed()
    there = looks(desk)
    assert seal(desk) == [there]
    assert seal(desk) == []
    desk.read(plan.id, desk.client)
    assert seal(desk) == [1]
    assert violated(desk) == set()
    assert looks(desk, "seal_number = 1") == there
    assert looks(desk, "seal_number IS NULL") == 0
    with desk.database.plumbing() as tx:
        assert desk.practice_id in set(tx.scalars(PRACTICES))
        assert desk.practice_id in set(tx.scalars(text(LOOKED_AT)))


def test_many_looks_take_several_seals(desk: Desk) -> None:
    """No transaction grows without end."""
    desk.agreed()
    there = looks(desk)
    made = seal(desk, at_once=2)
    assert sum(made) == there
    assert max(made) == 2
    assert violated(desk) == set()


@pytest.mark.parametrize("change", TAMPERED)
def test_whatever_is_changed_afterwards_is_seen(sealed: Desk, owner: Desk, change: str) -> None:
    """By whoever may change every row: one made otherwise, moved, taken away or put in; a seal."""
    [(first,)] = sealed.rows("SELECT id FROM plans.accesses ORDER BY id LIMIT 1")
    assert violated(sealed) == set()
    owner.rows(f"{change} RETURNING 1", first=first)
    assert AS_SEALED in violated(sealed)
    seal(sealed)
    assert AS_SEALED in violated(sealed)


def test_a_chain_that_was_made_anew_in_its_midst_does_not_fit_what_follows(
    sealed: Desk, owner: Desk
) -> None:
    """Whoever changes a row and its seal would have to make every later seal anew as well."""
    owner.rows("UPDATE plans.accesses SET kind = 'note' WHERE seal_number = 1 RETURNING 1")
    owner.rows("UPDATE plans.accesses SET seal_number = NULL WHERE seal_number = 1 RETURNING 1")
    owner.rows("DELETE FROM plans.access_seals WHERE number = 1 RETURNING 1")
    assert violated(sealed) == {AS_SEALED, WHOLE}
    seal(sealed)
    assert violated(sealed) == {AS_SEALED, WHOLE}


def test_a_seal_stays_as_long_as_it_covers_something(sealed: Desk, owner: Desk) -> None:
    """The database forbids it to everybody."""
    with pytest.raises(IntegrityError, match="accesses_seal_fkey"):
        owner.rows("DELETE FROM plans.access_seals RETURNING 1")


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE plans.access_seals SET accesses = 9",
        "DELETE FROM plans.access_seals",
        "UPDATE plans.accesses SET seal_number = NULL, kind = 'note'",
    ],
)
def test_who_serves_requests_changes_no_seal_nor_what_it_covers(sealed: Desk, act: str) -> None:
    """The serving role says once more which seal covers a row, at most."""
    with pytest.raises(ProgrammingError, match="permission denied"):
        sealed.rows(act)


def test_a_look_that_waits_too_long_is_told(desk: Desk, owner: Desk) -> None:
    """By when it was written down, which its id says; whose moment was given does not matter."""
    desk.agreed()
    assert violated(desk) == set()
    older = "overlay(id::text placing '01900000' from 1 for 8)::uuid"
    owner.rows(
        f"UPDATE plans.accesses SET id = {older} WHERE id IN"
        " (SELECT id FROM plans.accesses ORDER BY id LIMIT 1) RETURNING 1"
    )
    assert violated(desk) == {IN_TIME}
    seal(desk)
    assert violated(desk) == set()
