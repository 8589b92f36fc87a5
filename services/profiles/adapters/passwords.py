"""Hashing of passwords: argon2id, 19 MiB, two passes (OWASP Password Storage Cheat Sheet)."""

import secrets
from collections.abc import Callable
from typing import Any, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.profiles.domain.passwords import canonical

MEMORY_KIB = 19 * 1024
PASSES = 2


class Hasher(Protocol):
    """What argon2's own class offers."""

    def hash(self, password: str, /) -> str:
        """A salted hash."""

    def verify(self, hash: str, password: str, /) -> Any:
        """Raises VerificationError unless the password is right."""

    def check_needs_rehash(self, hash: str, /) -> bool:
        """Whether the hash was made with other parameters."""


def argon2id() -> Hasher:
    """The house's parameters."""
    hasher: Hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
    return hasher


def _directly(work: Callable[..., Any], *arguments: Any) -> Any:
    return work(*arguments)


class Passwords:
    """Hashes and checks passwords. `run` takes the work off the event loop, where there is one."""

    def __init__(self, hasher: Hasher | None = None, run: Callable[..., Any] = _directly) -> None:
        self._hasher = hasher or argon2id()
        self._run = run
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """A fresh salted hash."""
        return str(self._run(self._hasher.hash, canonical(password)))

    def is_right(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; as much work where nothing is stored."""
        try:
            self._run(self._hasher.verify, stored or self._nobody, canonical(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with parameters of another time."""
        return self._hasher.check_needs_rehash(stored)
