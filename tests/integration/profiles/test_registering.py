"""Registering tells the owner of an address by mail, and nobody by its answer or its work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

from deploy.local.stack import Stack
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.crypto import new_token, token_key
from services.common.database import Database
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.common.rpc.client import Caller
from services.contracts.base import PLATFORM
from services.contracts.profiles.accounts import (
    AccountAddressView,
    CommonPassword,
    GetAccountAddress,
    RegisterAccount,
    TooManyTries,
)
from services.contracts.profiles.registering import (
    IssuedMailView,
    IssueRegistrationMail,
    SendRegistrationMail,
)
from services.profiles import operations
from services.profiles.domain.records import AccountRecord
from services.profiles.domain.registering import LIVES
from services.profiles.operations import Entrance
from tests.integration.profiles.conftest import Opened
from tests.integration.profiles.samples import registration

MAILS = text(
    "SELECT id FROM profiles.registration_mails WHERE email = :email ORDER BY created_at, id"
)
TOLD = text("SELECT count(*) FROM profiles.outbox WHERE body->>'mail_id' = ANY(:ids)")
NOTIFY = service_actor("notify", PLATFORM, "test")


@pytest.fixture
def door(servers: Stack, profiles_database: Database) -> Iterator[Entrance]:
    """The entrance without limits in the way."""
    limits = operations.limits(
        sign_in=(50, 50), register=(50, 50), mails=(50, 50), address=50, seconds=60
    )
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


def with_account(door: Entrance, name: str) -> RegisterAccount:
    """What was registered, of an account whose mail was opened."""
    told = registration(name)
    password_hash = door.passwords.hash(told.password)
    record = AccountRecord(told.id, told.email, told.name, told.time_zone, password_hash)
    with door.database.plumbing() as tx:
        operations.open_account(tx, record, now=utc_now())
    return told


def mails(door: Entrance, email: str) -> list[UUID]:
    """The mails that were asked for; each was told to notify."""
    with door.database.plumbing() as tx:
        found = list(tx.scalars(MAILS, {"email": email}))
        assert tx.scalar(TOLD, {"ids": [str(one) for one in found]}) == len(found)
    return found


def issued(door: Entrance, email: str, link_key: str = "") -> IssuedMailView:
    """What the last mail says, when it is delivered."""
    asked = IssueRegistrationMail(
        mail_id=mails(door, email)[-1], link_key=link_key or token_key(new_token())
    )
    with door.database.transaction(NOTIFY) as tx:
        return operations.issue_registration_mail(tx, asked, actor=NOTIFY, now=utc_now())


def again(email: str, **changes: str) -> SendRegistrationMail:
    return SendRegistrationMail.model_validate({"email": email, "address": uuid4().hex} | changes)


@pytest.mark.parametrize("way", ["registering", "mail again"])
def test_a_known_address_costs_the_same_statements_as_a_free_one(
    way: str, door: Entrance, profiles_database: Database
) -> None:
    """Unknown, waiting for its mail, with an account: statement by statement alike."""
    known, waiting = with_account(door, "known").email, registration("waiting").email
    operations.register_account(door, registration("x", email=waiting), now=utc_now())
    sent = []
    for email in (f"{uuid4().hex}@people.example", waiting, known):
        with statements(profiles_database) as one:
            if way == "registering":
                operations.register_account(door, registration("x", email=email), now=utc_now())
            else:
                operations.send_registration_mail(door, again(email), now=utc_now())
        sent.append(one)
    assert sent[0] == sent[1] == sent[2]
    assert any("INSERT INTO profiles.outbox" in one for one in sent[0])
    assert not any("profiles.accounts" in one for one in sent[0])
    assert sent[0][-1] == "COMMIT"


def test_other_work_would_be_seen(door: Entrance, profiles_database: Database) -> None:
    """The twin: a password that is refused costs fewer statements."""
    with statements(profiles_database) as of_refused, suppress(CommonPassword):
        common = registration("common", password="password1")
        operations.register_account(door, common, now=utc_now())
    assert of_refused == []


def test_what_the_mail_says_is_decided_when_it_leaves(door: Entrance) -> None:
    """A link, or that there is an account; nothing where nobody registered the address."""
    new, known = registration("new"), with_account(door, "has-account")
    operations.register_account(door, new, now=utc_now())
    again_ = known.model_copy(update={"id": uuid4(), "email": known.email.upper()})
    operations.register_account(door, again_, now=utc_now())
    assert issued(door, new.email) == IssuedMailView(email=new.email, has_account=False)
    assert issued(door, again_.email).has_account
    nobody = f"{uuid4().hex}@people.example"
    operations.send_registration_mail(door, again(nobody), now=utc_now())
    with pytest.raises(NotFound):
        issued(door, nobody)


def test_a_call_that_is_repeated_asks_for_one_mail(door: Entrance) -> None:
    """Same id and content: the same view; other content: refused. Neither writes a mail."""
    first = registration("repeated")
    account = operations.register_account(door, first, now=utc_now())
    assert operations.register_account(door, first, now=utc_now()) == account
    changes = ({"name": "Other"}, {"email": f"{uuid4().hex}@people.example"}, {"password": "other"})
    for change in changes:
        with pytest.raises(DifferentContent):
            operations.register_account(door, first.model_copy(update=change), now=utc_now())
    assert len(mails(door, first.email)) == 1


def test_the_browser_that_registered_has_the_mail_again_without_typing(door: Entrance) -> None:
    """Another browser, and one whose registration is over, is answered alike and asks for none."""
    own, other = token_key(new_token()), token_key(new_token())
    told = registration("own-browser", browser_key=own)
    operations.register_account(door, told, now=utc_now())
    answers = [
        operations.send_registration_mail(
            door, SendRegistrationMail(browser_key=key, address=uuid4().hex), now=utc_now() + later
        )
        for key, later in ((own, timedelta()), (other, timedelta()), (own, LIVES))
    ]
    assert answers[0] == answers[1] == answers[2]
    assert len(mails(door, told.email)) == 2


def test_a_mailbox_gets_so_many_mails_in_a_day(servers: Stack, door: Entrance) -> None:
    """From one network and from all together, whatever is known of it."""
    few = operations.limits(
        sign_in=(50, 50), register=(50, 50), mails=(2, 3), address=50, seconds=60
    )
    tight = replace(door, limits=few)
    for email in (registration("free").email, with_account(door, "flooded").email):
        for network, count in (("here", 2), ("there", 1)):
            asked = again(email, address=f"{network} {email}")
            for _ in range(count):
                operations.send_registration_mail(tight, asked, now=utc_now())
            with pytest.raises(TooManyTries) as refused:
                operations.send_registration_mail(tight, asked, now=utc_now())
        assert int(refused.value.detail["retry_after"]) > 23 * 3600
        assert len(mails(door, email)) == 3


def test_an_address_is_told_to_notify_only(opened: Opened, caller: Callable[[str], Caller]) -> None:
    """Not to the gateway, whatever person it speaks for; unknown accounts have none."""
    account = opened("address")
    asked = GetAccountAddress(account_id=account.id)
    line, actor = caller("notify"), service_actor("notify", PLATFORM, "test")
    answer = ("profiles", "get_account_address")
    assert line.call(*answer, asked, actor, AccountAddressView).email == account.email
    unknown = GetAccountAddress(account_id=uuid4())
    with pytest.raises(NotFound):
        line.call(*answer, unknown, actor, AccountAddressView)
    for method, told in (
        ("get_account_address", asked),
        ("issue_registration_mail", IssueRegistrationMail(mail_id=uuid4(), link_key="0" * 64)),
    ):
        with pytest.raises(Forbidden):
            caller("gateway").call("profiles", method, told, Actor(), AccountAddressView)
