"""Clinical text is ciphertext from its first row, each look is written down, keys change."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import ProgrammingError

from services.common.errors import NotFound
from services.contracts.plans.commands import ListAccesses
from services.contracts.plans.content import Party
from services.plans.operations import keys, reading
from services.plans.operations.looking import MOST_VISITS
from services.plans.operations.sealing import KeyRing, Unreadable, new_data_key
from services.plans.queries.charts import under_older_key
from tests.integration.plans.desk import NOW, REASON, RING, TRIED, WISH, Desk

TABLES = ("charts", "plans", "versions", "entries", "accesses")


def dump(desk: Desk, *tables: str) -> bytes:
    """Every column of every row of the practice, as it is stored; of these tables, or of plans'."""
    found = [
        column
        for table in tables or TABLES
        for row in desk.rows(f"SELECT * FROM plans.{table}")
        for column in row
    ]
    return b"\n".join(bytes(c) if isinstance(c, memoryview) else str(c).encode() for c in found)


def test_no_clinical_text_is_stored_in_the_clear(desk: Desk) -> None:
    """Neither what a plan says, nor its template, nor what the client wished."""
    plan = desk.agreed()
    desk.log(plan)
    desk.ask_for_changes(desk.propose(desk.revise(plan, exercises=[])))
    told = dump(desk)
    assert plan.id.bytes in told or str(plan.id).encode() in told
    for words in (REASON, WISH, TRIED, "Quellwolkenmeer", "Zeisigwiese", "coaching", "Coaching"):
        assert words.encode() not in told


def test_a_row_that_was_moved_to_another_chart_does_not_open(desk: Desk) -> None:
    """Within one practice, by somebody who may write its rows."""
    plan, other = desk.ready(), desk.another_client().ready()
    desk.rows(
        "UPDATE plans.versions SET sealed = (SELECT sealed FROM plans.versions WHERE plan_id = :a)"
        " WHERE plan_id = :b RETURNING 1",
        a=plan.id,
        b=other.id,
    )
    with pytest.raises(Unreadable):
        desk.read(other.id, desk.practitioner)


def test_an_older_text_put_back_does_not_open(desk: Desk) -> None:
    """The version is bound into the ciphertext, so nobody turns a draft back unseen."""
    plan = desk.start()
    old = desk.rows("SELECT sealed FROM plans.versions WHERE plan_id = :id", id=plan.id)[0][0]
    desk.ready()
    desk.revise(plan, goals=[])
    desk.rows(
        "UPDATE plans.versions SET sealed = :old WHERE plan_id = :id RETURNING 1",
        old=old,
        id=plan.id,
    )
    with pytest.raises(Unreadable):
        desk.read(plan.id, desk.practitioner)


def test_a_client_has_one_chart_and_its_key_is_wrapped(desk: Desk) -> None:
    """Two plans, one chart; another client has a key of their own."""
    desk.start()
    desk.start("open-ended")
    desk.another_client().start()
    found = desk.rows("SELECT wrapped_key, key_version FROM plans.charts")
    assert len(found) == 2
    assert len({bytes(row[0]) for row in found}) == 2  # type: ignore[arg-type]


def test_keys_change_while_plans_are_read(desk: Desk) -> None:
    """The new key is told beside the old one; when all is wrapped anew the old one can go."""
    plan, new = desk.agreed(), new_data_key()
    both = KeyRing({1: RING.keys[1], 2: new}, 2)
    desk.ring = both
    assert desk.read(plan.id, desk.client).agreed is not None
    assert desk.rotate(both) == 1
    desk.ring = KeyRing({2: new}, 2)
    assert desk.read(plan.id, desk.client).agreed is not None
    desk.ring = RING
    with pytest.raises(Unreadable):
        desk.read(plan.id, desk.client)


def test_no_chart_goes_back_under_an_older_key(desk: Desk) -> None:
    """Copies that are told the new key one after the other do not undo each other's work."""
    desk.start()
    new = new_data_key()
    both = {1: RING.keys[1], 2: new}
    assert desk.rotate(KeyRing(both, 2)) == 1
    assert desk.rotate(KeyRing(both, 1)) == 0
    assert desk.rows("SELECT key_version FROM plans.charts") == [(2,)]
    with desk.database.plumbing() as tx:
        assert tx.scalar(under_older_key(1)) is None


def test_a_missing_or_another_key_is_found_before_anything_is_served(desk: Desk) -> None:
    """By version; a key that no chart needs any more may be gone."""
    desk.start()
    new = new_data_key()
    desk.check()
    with pytest.raises(keys.WrongKeys, match="key 1 is missing"):
        desk.check(KeyRing({2: new}, 2))
    with pytest.raises(keys.WrongKeys, match="key 1 is not the one"):
        desk.check(KeyRing({1: new}, 1))
    both = KeyRing({1: RING.keys[1], 2: new}, 2)
    desk.check(both)
    desk.rotate(both)
    desk.check(KeyRing({2: new}, 2))


def test_every_look_is_written_down_and_told_to_the_client(desk: Desk) -> None:
    """Who, when, which record, read or written; the practitioner's and their own."""
    plan = desk.propose(desk.ready())
    desk.read(plan.id, desk.client)
    with desk.database.transaction(desk.client) as tx:
        asked = ListAccesses(plan_id=plan.id)
        told = reading.list_accesses(tx, asked, actor=desk.client).accesses
    by_practitioner = [one for one in told if one.party is Party.PRACTITIONER]
    assert {one.practitioner_id for one in by_practitioner} == {desk.practitioner_id}
    assert {(one.kind, one.is_write) for one in by_practitioner} == {
        ("version", True),
        ("version", False),
    }
    assert [one.is_write for one in told if one.party is Party.CLIENT] == [False]
    with pytest.raises(NotFound), desk.database.transaction(desk.practitioner) as tx:
        reading.list_accesses(tx, asked, actor=desk.practitioner)


def test_looks_are_read_in_pages_that_leave_none_out(desk: Desk) -> None:
    """However many there are: each page goes on where the one before ended, and what a visit was
    is the same wherever its page ends."""
    plan = desk.propose(desk.ready())
    for hour in range(1, 2 * MOST_VISITS):
        at = NOW + timedelta(hours=hour)
        for looked_at in (at, at + timedelta(minutes=14)):
            desk.read(plan.id, desk.practitioner, now=looked_at)
    seen, before = [], None
    with desk.database.transaction(desk.client) as tx:
        while True:
            asked = ListAccesses(plan_id=plan.id, before=before)
            page = reading.list_accesses(tx, asked, actor=desk.client)
            assert 0 < len(page.visits) <= MOST_VISITS
            seen += page.visits
            if (before := page.earlier) is None:
                break
    ends = [one.until_at for one in seen]
    assert ends == sorted(set(ends), reverse=True)
    assert len(seen) == 2 * MOST_VISITS
    assert {one.until_at - one.from_at for one in seen[:-1]} == {timedelta(minutes=14)}
    assert seen[-1].written == ["version"]


def test_a_look_is_written_with_the_read_or_nothing_is_read(desk: Desk) -> None:
    """One transaction: as many rows more as texts that were opened."""
    plan = desk.agreed()
    counted = "SELECT count(*) FROM plans.accesses"
    before = desk.rows(counted)[0][0]
    desk.read(plan.id, desk.client)
    assert desk.rows(counted)[0][0] == before + 1  # type: ignore[operator]


@pytest.mark.parametrize("act", ["UPDATE plans.accesses SET at = at", "DELETE FROM plans.accesses"])
def test_what_was_written_down_stays(desk: Desk, act: str) -> None:
    """The role that serves requests can neither change nor remove it."""
    desk.start()
    with pytest.raises(ProgrammingError, match="permission denied"):
        desk.rows(act)
