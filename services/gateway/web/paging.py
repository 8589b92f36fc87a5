"""Listings that continue by opaque cursors, with a way back; and such that are known whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")

SEPARATOR = "~"
LONGEST = 8
LONGEST_CURSOR = 200


@dataclass(frozen=True, slots=True)
class Trail:
    """The cursors of the pages that were turned, the last of them for the present page.

    It stands in the address as `page`, so that Back works without a session; only the last
    eight are kept, before which "Back" leads to the first page.
    """

    cursors: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Trail":
        """What an address says; whether a cursor is right is known where it was made."""
        cursors = tuple(part for part in text.split(SEPARATOR) if part)
        return cls(tuple(part[:LONGEST_CURSOR] for part in cursors[-LONGEST:]))

    @property
    def here(self) -> str:
        """The cursor of the present page; "" for the first."""
        return self.cursors[-1] if self.cursors else ""

    @property
    def back(self) -> str:
        """`page` of the page before; "" for the first."""
        return SEPARATOR.join(self.cursors[:-1])

    @property
    def label(self) -> str:
        """ "Page 2"; nothing once the trail is too long to count."""
        count = len(self.cursors) + 1
        return f"Page {count}" if count <= LONGEST else ""

    def onward(self, cursor: str) -> str:
        """`page` of the page after."""
        return SEPARATOR.join((*self.cursors, cursor)[-LONGEST:])

    def pages(self, url: Callable[[str], str], next_cursor: str | None) -> dict[str, Any]:
        """The way to the neighbours of the present page; `url` makes an address of `page`."""
        return {
            "label": self.label,
            "prev_url": url(self.back) if self.here else None,
            "next_url": url(self.onward(next_cursor)) if next_cursor else None,
        }


@dataclass(frozen=True, slots=True)
class Leaves:
    """A list that is known whole, turned by numbered pages of one size.

    `name`: of the page's number in the address, where `others` stand beside it and `anchor`
    leads back to the list.
    """

    name: str
    size: int
    path: str
    others: dict[str, str]
    anchor: str

    def turned(self, whole: Sequence[T], text: str) -> tuple[Sequence[T], dict[str, Any]]:
        """The lines of the page that the address names, and the way to its neighbours; a page
        that there is not is the nearest one."""
        last = max(1, -(-len(whole) // self.size))
        number = min(int(text[:6]) if text.isascii() and text.isdecimal() else 1, last) or 1
        pages = {
            "label": f"Page {number} of {last}",
            "prev_url": self._url(number - 1) if number > 1 else None,
            "next_url": self._url(number + 1) if number < last else None,
        }
        return whole[(number - 1) * self.size : number * self.size], pages

    def _url(self, number: int) -> str:
        told = {**self.others, self.name: "" if number == 1 else str(number)}
        query = urlencode({name: value for name, value in told.items() if value})
        return f"{self.path}?{query}#{self.anchor}" if query else f"{self.path}#{self.anchor}"
