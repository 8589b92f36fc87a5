"""Registering tells the owner of an address by mail, and nobody by its answer or its work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

from deploy.local.stack import Stack
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.common.rpc.client import Caller
from services.contracts.base import PLATFORM
from services.contracts.profiles.accounts import (
    AccountAddressView,
    CommonPassword,
    EmailTaken,
    GetAccountAddress,
)
from services.profiles import operations
from services.profiles.operations import Entrance
from tests.integration.profiles.conftest import Ask
from tests.integration.profiles.samples import registration

TOLD = text("SELECT body FROM profiles.outbox WHERE body->>'account_id' = :id ORDER BY id")


@pytest.fixture
def door(servers: Stack, profiles_database: Database) -> Iterator[Entrance]:
    """The entrance without limits in the way."""
    limits = operations.limits(sign_in=(50, 50), register=(50, 50), address=50, seconds=60)
    made = operations.entrance(profiles_database, servers.redis_url, limits)
    yield made
    made.logins.disconnect()


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the database meanwhile, COMMIT and ROLLBACK included."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    listeners: list[tuple[str, Callable[..., None]]] = [
        ("before_cursor_execute", note),
        ("commit", lambda _: sent.append("COMMIT")),
        ("rollback", lambda _: sent.append("ROLLBACK")),
    ]
    for name, listener in listeners:
        event.listen(database.engine, name, listener)
    yield sent
    for name, listener in listeners:
        event.remove(database.engine, name, listener)


def told(database: Database, account_id: UUID) -> list[bool]:
    """For each event about the account, whether it says that it is new."""
    with database.plumbing() as tx:
        return [body["is_new"] for body in tx.scalars(TOLD, {"id": str(account_id)})]


def test_a_taken_address_costs_the_same_statements_as_a_free_one(
    door: Entrance, profiles_database: Database
) -> None:
    """One transaction, statement by statement alike: time does not tell what the answer hides."""
    first = registration("alike")
    with statements(profiles_database) as of_free:
        operations.register_account(door, first, now=utc_now())
    again = first.model_copy(update={"id": uuid4(), "name": "Somebody Else"})
    with statements(profiles_database) as of_taken, suppress(EmailTaken):
        operations.register_account(door, again, now=utc_now())
    assert of_taken == of_free
    assert any("INSERT INTO profiles.outbox" in one for one in of_free)
    assert of_free[-1] == "COMMIT"


def test_other_work_would_be_seen(door: Entrance, profiles_database: Database) -> None:
    """The twin: a password that is refused costs fewer statements."""
    with statements(profiles_database) as of_refused, suppress(CommonPassword):
        common = registration("common", password="password1")
        operations.register_account(door, common, now=utc_now())
    assert of_refused == []


def test_each_registration_is_told_with_what_it_was(
    door: Entrance, profiles_database: Database
) -> None:
    """New, then known; the event names the owner's account and nobody's address."""
    first = registration("told")
    account = operations.register_account(door, first, now=utc_now())
    again = first.model_copy(update={"id": uuid4(), "email": first.email.upper()})
    with pytest.raises(EmailTaken):
        operations.register_account(door, again, now=utc_now())
    assert told(profiles_database, account.id) == [True, False]
    assert told(profiles_database, again.id) == []


def test_a_call_that_is_repeated_is_told_once(door: Entrance, profiles_database: Database) -> None:
    """Same id and content: the same view; other content: refused. Neither writes a mail."""
    first = registration("repeated")
    account = operations.register_account(door, first, now=utc_now())
    assert operations.register_account(door, first, now=utc_now()) == account
    for changes in ({"name": "Other"}, {"email": f"{uuid4().hex}@people.example"}):
        with pytest.raises(DifferentContent):
            operations.register_account(door, first.model_copy(update=changes), now=utc_now())
    assert told(profiles_database, account.id) == [True]


def test_an_address_is_told_to_notify_only(ask: Ask, caller: Callable[[str], Caller]) -> None:
    """Not to the gateway, whatever person it speaks for; unknown accounts have none."""
    account = ask("register_account", registration("address"))
    asked = GetAccountAddress(account_id=account.id)
    line, actor = caller("notify"), service_actor("notify", PLATFORM, "test")
    answer = ("profiles", "get_account_address")
    assert line.call(*answer, asked, actor, AccountAddressView).email == account.email
    unknown = GetAccountAddress(account_id=uuid4())
    with pytest.raises(NotFound):
        line.call(*answer, unknown, actor, AccountAddressView)
    with pytest.raises(Forbidden):
        caller("gateway").call(*answer, asked, Actor(), AccountAddressView)
