"""Listings that continue by opaque cursors, with a way back."""

from dataclasses import dataclass

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
