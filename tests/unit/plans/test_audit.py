"""The chain of who looked: what changes a digest, and that nothing else does."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

from services.plans.domain.audit import GENESIS, digest, line

PRACTICE = UUID("01939f00-0000-7000-8000-000000000001")
OTHER = UUID("01939f00-0000-7000-8000-000000000002")
AT = datetime(2026, 11, 23, 9, 0, 0, 1, tzinfo=UTC)


def test_a_row_is_told_by_its_values_in_their_order() -> None:
    """Nothing stands for what is missing, and an instant is the same in every zone."""
    told = line((PRACTICE, None, "client", True, False, AT))
    assert told == f"{PRACTICE}||client|true|false|{1795424400000001}"
    assert line((AT,)) == line((AT.astimezone(timezone(timedelta(hours=2))),))


def test_the_first_seal_follows_nothing() -> None:
    """Thirty-two zero bytes, then whose it is, its number, how many rows, and the rows."""
    told = bytes(32) + f"{PRACTICE}|1|2\na\nb".encode()
    assert digest(GENESIS, PRACTICE, 1, ["a", "b"]) == sha256(told).digest()


def test_each_thing_that_a_seal_covers_changes_its_digest() -> None:
    """The one before, the practice, the number, a row, their order and their number."""
    first = digest(GENESIS, PRACTICE, 1, ["a", "b"])
    others = {
        digest(first, PRACTICE, 1, ["a", "b"]),
        digest(GENESIS, OTHER, 1, ["a", "b"]),
        digest(GENESIS, PRACTICE, 2, ["a", "b"]),
        digest(GENESIS, PRACTICE, 1, ["a", "c"]),
        digest(GENESIS, PRACTICE, 1, ["b", "a"]),
        digest(GENESIS, PRACTICE, 1, ["a"]),
        digest(GENESIS, PRACTICE, 1, ["a\nb"]),
    }
    assert first not in others
    assert len(others) == 7
