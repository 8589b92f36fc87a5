"""Crash points: where tests let a process die, to see that all it leaves behind is made up for.

Around each event's leaving and each foreign call; commits are found without being marked. Nobody
watches but in the local stack (docs/adr/0044): elsewhere a point is a look at an empty list.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

watchers: list[Callable[[str], None]] = []


@contextmanager
def around(point: str) -> Iterator[None]:
    """What may be died just before and just after; what fails has no after."""
    for watch in watchers:
        watch(f"before {point}")
    yield
    for watch in watchers:
        watch(f"after {point}")
