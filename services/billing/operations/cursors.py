"""Where a part of a list begins, as an opaque word for an address."""

import base64
import binascii
from collections.abc import Callable
from typing import TypeVar

from services.contracts.base import BadCursor

First = TypeVar("First")
Second = TypeVar("Second")


def cursor_of(*parts: object) -> str:
    """The word for a place in a list."""
    return base64.urlsafe_b64encode(" ".join(str(part) for part in parts).encode()).decode()


def place_of(
    cursor: str | None, first: Callable[[str], First], second: Callable[[str], Second]
) -> tuple[First, Second] | None:
    """The place that a word stands for; None for the beginning. Raises BadCursor."""
    if cursor is None:
        return None
    try:
        at, id_ = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return first(at), second(id_)
    except (ValueError, binascii.Error):
        raise BadCursor("This page does not exist.", {"cursor": "is not known"}) from None
