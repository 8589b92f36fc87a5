"""How often one may try: fixed windows, counted apart for accounts and network addresses."""

import hashlib
from dataclasses import dataclass

from services.contracts.profiles.accounts import TooManyTries

KNOWN_SECONDS = 30 * 24 * 3600
"""For how long the networks are known from which somebody signed in."""


def hidden(kind: str, subject: str) -> str:
    """A key of its own for each kind and subject, in any case, which tells no address."""
    digest = hashlib.sha256(f"{kind}\0{subject.strip().lower()}".encode()).hexdigest()
    return f"tries:{kind}:{digest[:32]}"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries in `seconds`, for each subject of a kind."""

    kind: str
    most: int
    seconds: int

    def key(self, subject: str) -> str:
        """Where tries are counted; the subject itself (an address) is not told."""
        return hidden(self.kind, subject)

    def check(self, tries: int, seconds_left: int) -> None:
        """Raises TooManyTries where this try is one too many; `retry_after` is in seconds."""
        if tries > self.most:
            wait = {"retry_after": str(max(1, seconds_left))}
            raise TooManyTries("Too many tries. Please wait a little.", wait)
