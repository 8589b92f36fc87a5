"""What registering and signing in need beside the database: hashing and Redis."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.common.database import Database
from services.profiles.adapters.logins import Logins
from services.profiles.adapters.passwords import Passwords
from services.profiles.adapters.redis_store import connect
from services.profiles.adapters.tries import Tries
from services.profiles.domain.tries import Limit

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often a mailbox may be tried from one network address, and from all of them together.

    The first is tight, against guessing. The second is loose: it bounds who guesses from many
    networks, and whoever reaches it keeps the mailbox's owner out.
    """

    here: Limit
    everywhere: Limit


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one may sign in and register, and do either from one network address; `mails` of
    registering go to a mailbox in a day."""

    sign_in: Bounds
    register: Bounds
    mails: Bounds
    address: Limit


@dataclass(frozen=True, slots=True)
class Entrance:
    """Held by the process. Hashing and Redis are slow: never within a transaction."""

    database: Database
    passwords: Passwords
    logins: Logins
    tries: Tries
    limits: Limits

    def count(self, bounds: Bounds, email: str, address: str) -> None:
        """Count a try of a mailbox from a network address; raises TooManyTries.

        What is refused nearby counts no further, so that one network reaches the loose bound
        by itself never. Where the mailbox's owner signed in before, that one does not count.
        """
        if address:
            self.tries.count(self.limits.address, address)
        self._count(bounds, email, address)

    def count_mail(self, email: str, address: str) -> None:
        """Count a mail that goes to a mailbox, whatever it will say; raises TooManyTries."""
        self._count(self.limits.mails, email, address)

    def _count(self, bounds: Bounds, email: str, address: str) -> None:
        self.tries.count(bounds.here, _from(email, address))
        if not self.tries.is_known(_from(email, address)):
            self.tries.count(bounds.everywhere, email)

    def welcome(self, email: str, address: str) -> None:
        """The password was right: forget the slips before it, know the network from now on."""
        self.tries.forget(self.limits.sign_in.here, _from(email, address))
        self.tries.know(_from(email, address))


def _from(email: str, address: str) -> str:
    return f"{email.strip()} from {address}"


def limits(
    *,
    sign_in: tuple[int, int],
    register: tuple[int, int],
    mails: tuple[int, int],
    address: int,
    seconds: int,
) -> Limits:
    """So many tries in a window of `seconds`, mails in a day: of a mailbox from one network and
    from all."""
    return Limits(
        sign_in=_bounds("sign-in", sign_in, seconds),
        register=_bounds("register", register, seconds),
        mails=_bounds("mails", mails, DAY),
        address=Limit("address", address, seconds),
    )


def _bounds(kind: str, most: tuple[int, int], seconds: int) -> Bounds:
    here, everywhere = most
    return Bounds(Limit(kind, here, seconds), Limit(f"{kind}-everywhere", everywhere, seconds))


def entrance(
    database: Database, redis_url: str, limits: Limits, run: Callable[..., Any] | None = None
) -> Entrance:
    """The entrance of a process; `run` takes hashing off its event loop."""
    redis = connect(redis_url)
    return Entrance(
        database=database,
        passwords=Passwords(run=run) if run else Passwords(),
        logins=Logins(redis),
        tries=Tries(redis),
        limits=limits,
    )
