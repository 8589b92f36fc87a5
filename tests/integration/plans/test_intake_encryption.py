"""What is answered before a first session is ciphertext from its first row, bound to its place."""

import pytest

from services.plans.operations.sealing import KeyRing, Unreadable, new_data_key
from tests.integration.plans.desk import RING, Desk
from tests.integration.plans.reception import FOLLOWED, TEXT, Reception, answers_to


@pytest.fixture
def reception(desk: Desk) -> Reception:
    """A client whose draft and whose given answers are there."""
    made = Reception(desk)
    made.publish()
    said = answers_to(made.form(1).questions)
    made.submit(said)
    made.keep(said)
    return made


def dump(desk: Desk) -> bytes:
    """Every column of every row of intake in the practice, as it is stored."""
    found = [
        column
        for table in ("intakes", "intake_answers", "consents", "accesses")
        for row in desk.rows(f"SELECT * FROM plans.{table}")
        for column in row
    ]
    return b"\n".join(bytes(c) if isinstance(c, memoryview) else str(c).encode() for c in found)


def test_no_answer_is_stored_in_the_clear(reception: Reception) -> None:
    """Neither while it is kept nor when it is given."""
    told = dump(reception.desk)
    assert str(reception.desk.client_id).encode() in told
    for words in (TEXT, FOLLOWED, "Wiedehopfstein", "Rotmilanfeld"):
        assert words.encode() not in told


@pytest.mark.parametrize(("table", "column"), [("intakes", "draft"), ("intake_answers", "sealed")])
def test_answers_moved_to_another_chart_do_not_open(
    table: str, column: str, reception: Reception, owner: Desk
) -> None:
    """Within one practice, by somebody who may write every row."""
    other = Reception(reception.desk.another_client())
    said = answers_to(other.form(1).questions)
    other.submit(said)
    other.keep(said)
    of = "(SELECT id FROM plans.charts WHERE client_id = :{})"
    owner.rows(
        f"UPDATE plans.{table} SET {column} = (SELECT {column} FROM plans.{table}"
        f" WHERE chart_id = {of.format('one')}) WHERE chart_id = {of.format('other')} RETURNING 1",
        one=reception.desk.client_id,
        other=other.desk.client_id,
    )
    with pytest.raises(Unreadable):
        other.read()


def test_an_older_draft_put_back_does_not_open(reception: Reception) -> None:
    """Its revision is bound into the ciphertext."""
    old = reception.desk.rows("SELECT draft FROM plans.intakes")[0][0]
    reception.keep([])
    reception.desk.rows("UPDATE plans.intakes SET draft = :old RETURNING 1", old=old)
    with pytest.raises(Unreadable):
        reception.read()


def test_keys_change_while_answers_are_read(reception: Reception) -> None:
    """Read under the old key, under both, and under the new one alone."""
    desk, new = reception.desk, new_data_key()
    before = reception.read().given
    both = KeyRing({1: RING.keys[1], 2: new}, 2)
    desk.ring = both
    assert reception.read().given == before
    assert desk.rotate(both) == 1
    desk.ring = KeyRing({2: new}, 2)
    assert reception.read().given == before
    desk.ring = RING
    with pytest.raises(Unreadable):
        reception.read()
