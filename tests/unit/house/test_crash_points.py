"""A crash point tells whoever watches, and is nothing where nobody does."""

from collections.abc import Iterator

import pytest

from services.common import crash_points


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """What a watcher is told."""
    told: list[str] = []
    crash_points.watchers.append(told.append)
    yield told
    crash_points.watchers.clear()


def test_nobody_watches_by_itself() -> None:
    """No module of the product puts a watcher there."""
    assert crash_points.watchers == []
    with crash_points.around("publish it"):
        pass


def test_both_sides_are_told(seen: list[str]) -> None:
    """Just before and just after, in that order."""
    with crash_points.around("publish it"):
        assert seen == ["before publish it"]
    assert seen == ["before publish it", "after publish it"]


def test_what_fails_has_no_after(seen: list[str]) -> None:
    """The failure goes on to whoever asked."""
    with pytest.raises(TimeoutError), crash_points.around("call"):
        raise TimeoutError
    assert seen == ["before call"]
