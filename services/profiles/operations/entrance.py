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


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one may sign in and register per e-mail address, and either per network address."""

    sign_in: Limit
    register: Limit
    address: Limit


@dataclass(frozen=True, slots=True)
class Entrance:
    """Held by the process. Hashing and Redis are slow: never within a transaction."""

    database: Database
    passwords: Passwords
    logins: Logins
    tries: Tries
    limits: Limits

    def count(self, limit: Limit, email: str, address: str) -> None:
        """Count a try of both addresses; raises TooManyTries."""
        if address:
            self.tries.count(self.limits.address, address)
        self.tries.count(limit, email)


def limits(*, sign_in: int, register: int, address: int, seconds: int) -> Limits:
    """So many tries of each kind in a window of `seconds`."""
    return Limits(
        sign_in=Limit("sign-in", sign_in, seconds),
        register=Limit("register", register, seconds),
        address=Limit("address", address, seconds),
    )


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
