"""How often passwords are hashed, counted: equal work whatever is known of an address."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher, extract_parameters

from deploy.local.stack import Stack
from services.common.clock import utc_now
from services.common.database import Database
from services.contracts.profiles.accounts import WrongCredentials
from services.profiles import operations
from services.profiles.adapters.passwords import MEMORY_KIB, PASSES, Passwords, argon2id
from services.profiles.domain.records import AccountRecord
from services.profiles.operations import Entrance
from services.profiles.queries import accounts
from tests.integration.profiles.samples import PASSWORD, a_sign_in, registration


class CountingHasher:
    """argon2id of our parameters, counting what costs time."""

    def __init__(self) -> None:
        self._real = argon2id()
        self.work = 0

    def hash(self, password: str, /) -> str:
        self.work += 1
        return self._real.hash(password)

    def verify(self, hash: str, password: str, /) -> Any:
        self.work += 1
        return self._real.verify(hash, password)

    def check_needs_rehash(self, hash: str, /) -> bool:
        return self._real.check_needs_rehash(hash)


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def door(servers: Stack, profiles_database: Database, hasher: CountingHasher) -> Iterator[Entrance]:
    limits = operations.limits(
        sign_in=(50, 50), register=(50, 50), mails=(50, 50), address=50, seconds=60
    )
    real = operations.entrance(profiles_database, servers.redis_url, limits)
    yield replace(real, passwords=Passwords(hasher))
    real.logins.disconnect()


def opened(door: Entrance, name: str) -> AccountRecord:
    """An account whose mail was opened."""
    told = registration(name)
    password_hash = door.passwords.hash(PASSWORD)
    record = AccountRecord(told.id, told.email, told.name, told.time_zone, password_hash)
    with door.database.plumbing() as tx:
        operations.open_account(tx, record, now=utc_now())
    return record


def worked(hasher: CountingHasher, before: int) -> int:
    return hasher.work - before


def test_signing_in_costs_one_check_whether_or_not_the_address_is_known(
    door: Entrance, hasher: CountingHasher
) -> None:
    """Right, wrong, unknown, and one that waits for its mail: one hash each."""
    account, waiting = opened(door, "work"), registration("waiting")
    operations.register_account(door, waiting, now=utc_now())
    costs = []
    for email, password in (
        (account.email, PASSWORD),
        (account.email, "not the password"),
        (f"{uuid4().hex}@people.example", PASSWORD),
        (waiting.email, PASSWORD),
    ):
        before = hasher.work
        with suppress(WrongCredentials):
            operations.sign_in(door, a_sign_in(email, password), now=utc_now())
        costs.append(worked(hasher, before))
    assert costs == [1, 1, 1, 1]


def test_registering_costs_one_hash_whether_or_not_the_address_is_taken(
    door: Entrance, hasher: CountingHasher
) -> None:
    """Neither answer nor work depends on it."""
    costs = []
    for email in (f"{uuid4().hex}@people.example", opened(door, "first").email):
        before = hasher.work
        operations.register_account(door, registration("x", email=email), now=utc_now())
        costs.append(worked(hasher, before))
    assert costs == [1, 1]


def test_stored_hashes_have_the_parameters_of_the_house(
    door: Entrance, profiles_database: Database
) -> None:
    """argon2id, at least 19 MiB, two passes."""
    account = opened(door, "param")
    with profiles_database.plumbing() as tx:
        row = accounts.account(tx, account.id)
    assert row is not None
    assert row.password_hash is not None
    told = extract_parameters(row.password_hash)
    assert row.password_hash.startswith("$argon2id$")
    assert (told.memory_cost, told.time_cost) == (MEMORY_KIB, PASSES)
    assert MEMORY_KIB >= 19 * 1024


def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(
    door: Entrance, profiles_database: Database
) -> None:
    """The person notices nothing, and the password works ever after."""
    weak = Passwords(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
    account = opened(replace(door, passwords=weak), "older")
    for _ in range(2):
        operations.sign_in(door, a_sign_in(account.email), now=utc_now())
    with profiles_database.plumbing() as tx:
        row = accounts.account(tx, account.id)
    assert row is not None
    assert row.password_hash is not None
    assert extract_parameters(row.password_hash).memory_cost == MEMORY_KIB
