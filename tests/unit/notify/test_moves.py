"""A mail of a move names the time that its reader knew."""

from datetime import timedelta

from services.notify.domain.moves import Move, last_told
from tests.unit.notify.occasions import STARTS_AT

FIRST, SECOND, THIRD = (STARTS_AT + timedelta(days=days) for days in range(3))


def test_a_single_move_is_told_from_where_it_was() -> None:
    """Nothing came between."""
    assert last_told(Move(FIRST, SECOND), []) == FIRST


def test_two_quick_moves_are_told_as_one_from_the_start_that_was_known() -> None:
    """The first one's mail never left: nobody knows the time between."""
    assert last_told(Move(SECOND, THIRD), [Move(FIRST, SECOND)]) == FIRST


def test_a_move_to_and_fro_is_told_from_no_other_time() -> None:
    """Back where they know it to be: "from" would name the very same time."""
    assert last_told(Move(SECOND, FIRST), [Move(FIRST, SECOND)]) is None
    earlier = [Move(SECOND, FIRST), Move(FIRST, SECOND)]
    assert last_told(Move(FIRST, SECOND), earlier) == FIRST


def test_an_untold_move_long_before_changes_nothing() -> None:
    """What was told since, by a mail or by the practice itself, is what they know."""
    assert last_told(Move(THIRD, SECOND), [Move(SECOND, FIRST)]) == THIRD
