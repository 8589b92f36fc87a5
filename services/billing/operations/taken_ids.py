"""Ids that callers mint and somebody else has used."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from services.common.database import constraint_of
from services.common.errors import NotFound


@contextmanager
def unknown_if_taken(primary_key: str) -> Iterator[None]:
    """An id that another practice has used answers like one that there is not: NotFound."""
    try:
        yield
    except IntegrityError as clash:
        if constraint_of(clash) != primary_key:
            raise
        raise NotFound("There is no such thing.") from clash
