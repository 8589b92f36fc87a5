"""The link in a registration's mail makes the account: once, in three days, for who registered."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.crypto import new_token, token_key
from services.common.database import Database
from services.common.errors import Refusal
from services.contracts.base import PLATFORM
from services.contracts.profiles.accounts import (
    GuestOf,
    LoginView,
    RegisterAccount,
    WrongCredentials,
)
from services.contracts.profiles.clients import EnsureClient, GetOwnClient
from services.contracts.profiles.registering import (
    ConfirmRegistration,
    GetRegistration,
    IssueRegistrationMail,
    RegistrationUnknown,
)
from services.profiles import operations
from services.profiles.domain.registering import LIVES
from tests.integration.profiles.conftest import Ask, Opened
from tests.integration.profiles.samples import PASSWORD, House, a_sign_in, registration

NOTIFY = service_actor("notify", PLATFORM, "test")
LAST = text(
    "SELECT id FROM profiles.registration_mails WHERE email = :email"
    " ORDER BY created_at DESC, id DESC"
)
AGE = "UPDATE profiles.{} SET created_at = created_at - :age WHERE email = :email"
LEFT = text(
    "SELECT (SELECT count(*) FROM profiles.registrations WHERE lower(email) = lower(:email))"
    " + (SELECT count(*) FROM profiles.registration_mails WHERE lower(email) = lower(:email))"
)
JOINED = text(
    "SELECT count(*) FROM profiles.outbox WHERE type = 'guest_joined' AND body->>'account_id' = :id"
)
Link = Callable[[str], str]


@pytest.fixture
def link(profiles_database: Database) -> Link:
    """The token in the last mail to an address, as notify delivers it."""

    def deliver(email: str) -> str:
        token = new_token()
        with profiles_database.transaction(NOTIFY) as tx:
            mail_id = tx.scalars(LAST, {"email": email}).first()
            assert mail_id is not None
            asked = IssueRegistrationMail(mail_id=mail_id, link_key=token_key(token))
            operations.issue_registration_mail(tx, asked, actor=NOTIFY, now=utc_now())
        return token

    return deliver


def confirm(token: str, **changes: Any) -> ConfirmRegistration:
    told = {"link_key": token_key(token), "login_key": uuid4().hex * 2, "address": uuid4().hex}
    return ConfirmRegistration.model_validate(told | changes)


def registered(ask: Ask, name: str, **changes: Any) -> tuple[RegisterAccount, str]:
    """What was registered, and the key of the browser."""
    browser = token_key(new_token())
    told = registration(name, browser_key=browser, **changes)
    ask("register_account", told)
    return told, browser


def test_before_the_link_is_opened_signing_in_fails_as_for_nobody(ask: Ask, link: Link) -> None:
    """The right password, a wrong one and an unknown address are refused in the same words; after
    the link it works, in upper case as well."""
    told, browser = registered(ask, "before")
    refused = []
    for email, password in (
        (told.email, PASSWORD),
        (told.email, "not the password"),
        ("nobody@people.example", PASSWORD),
    ):
        with pytest.raises(WrongCredentials) as one:
            ask("sign_in", a_sign_in(email, password))
        refused.append((one.value.message, one.value.detail))
    assert refused[0] == refused[1] == refused[2]
    login = ask("confirm_registration", confirm(link(told.email), browser_key=browser))
    assert (login.account.id, login.account.email) == (told.id, told.email)
    assert ask("sign_in", a_sign_in(told.email.upper())).account == login.account


def test_another_browser_is_asked_for_the_password(ask: Ask, link: Link) -> None:
    """A wrong one makes no account and leaves the link as it is."""
    told, browser = registered(ask, "elsewhere")
    token = link(told.email)
    for key, asks in ((browser, False), (token_key(new_token()), True), (None, True)):
        asked = GetRegistration(link_key=token_key(token), browser_key=key)
        assert ask("get_registration", asked).needs_password is asks
    for password in ("", "not the password"):
        with pytest.raises(WrongCredentials):
            ask("confirm_registration", confirm(token, password=password))
    login = ask("confirm_registration", confirm(token, password=PASSWORD))
    assert login.account.id == told.id


def test_who_registers_a_strangers_address_gets_no_account_on_it(ask: Ask, link: Link) -> None:
    """The owner registers too and opens any of the mails: their password counts from then on."""
    thief, thiefs_browser = registered(ask, "theirs", password="the password of a thief")
    own, browser = registered(ask, "mine", email=thief.email.upper())
    token = link(own.email)
    for stranger in ({"browser_key": token_key(new_token())}, {"password": "a guess of the owner"}):
        with pytest.raises(WrongCredentials):
            ask("confirm_registration", confirm(token, **stranger))
    login = ask("confirm_registration", confirm(token, browser_key=browser))
    assert login.account.id == own.id
    with pytest.raises(WrongCredentials):
        ask("sign_in", a_sign_in(own.email, "the password of a thief"))
    with pytest.raises(RegistrationUnknown):
        ask("confirm_registration", confirm(token, browser_key=thiefs_browser))


def test_a_link_works_once_and_nothing_of_the_address_waits_any_more(
    ask: Ask, link: Link, profiles_database: Database
) -> None:
    """Used, unknown and past its time are told alike, to the page and to the button."""
    told, browser = registered(ask, "once")
    token, late = link(told.email), registered(ask, "late")[0]
    late_token = link(late.email)
    with profiles_database.plumbing() as tx:
        for table in ("registrations", "registration_mails"):
            age = {"age": LIVES + timedelta(minutes=1), "email": late.email}
            tx.execute(text(AGE.format(table)), age)
    ask("confirm_registration", confirm(token, browser_key=browser))
    refused = []
    for dead in (token, late_token, new_token()):
        for method, command in (
            ("get_registration", GetRegistration(link_key=token_key(dead))),
            ("confirm_registration", confirm(dead, browser_key=browser, password=PASSWORD)),
        ):
            with pytest.raises(RegistrationUnknown) as one:
                ask(method, command)
            refused.append((one.value.message, one.value.detail))
    assert len(set(map(str, refused))) == 1
    with profiles_database.plumbing() as tx:
        operations.forget_registrations(tx, now=utc_now())
        assert [tx.scalar(LEFT, {"email": one.email}) for one in (told, late)] == [0, 0]


def test_of_many_presses_at_once_one_makes_the_account(ask: Ask, link: Link) -> None:
    """The others are told that the link has done its work; none fails otherwise."""
    told, browser = registered(ask, "at-once")
    token = link(told.email)

    def press(_: int) -> str:
        try:
            answer: LoginView = ask("confirm_registration", confirm(token, browser_key=browser))
        except Refusal as refusal:
            return type(refusal).__name__
        return str(answer.account.id)

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, range(4)))
    assert answers == sorted([str(told.id), *["RegistrationUnknown"] * 3])


def guest(practice: House, email: str, name: str = "Ada Person") -> EnsureClient:
    return EnsureClient(id=uuid4(), practice_id=practice.practice.id, name=name, email=email)


def of(*clients: EnsureClient) -> list[GuestOf]:
    return [GuestOf(practice_id=one.practice_id, client_id=one.id) for one in clients]


def test_what_was_booked_as_a_guest_joins_the_account(
    ask: Ask, link: Link, houses: tuple[House, House], profiles_database: Database
) -> None:
    """From both practices, before and after registering. Under another name the booking alone
    joins; under another address, and of another browser, nothing does."""
    here, there = houses
    email = f"guest-{uuid4().hex}@people.example"
    first, later = guest(here, email, "ada  PERSON"), guest(there, email.upper())
    child, second = guest(here, email, "Carl Person"), guest(here, email)
    other, unnamed = guest(here, "other@people.example"), guest(there, email)
    for one in (first, later, child, second, other, unnamed):
        ask("ensure_client", one, Actor(practice_id=one.practice_id))
    told, browser = registered(ask, "joins", email=email, guest_of=of(first, other))
    found = of(first, later, child, other)
    command = confirm(link(email), browser_key=browser, guest_of=found)
    account = ask("confirm_registration", command).account
    for client in (first, later):
        actor = Actor("person", account_id=account.id, practice_id=client.practice_id)
        own = ask("get_own_client", GetOwnClient(practice_id=client.practice_id), actor)
        assert own.id == client.id
    with profiles_database.plumbing() as tx:
        assert tx.scalar(JOINED, {"id": str(told.id)}) == 3
    signing_in = a_sign_in(email).model_copy(update={"guest_of": of(second, other)})
    ask("sign_in", signing_in)
    with profiles_database.plumbing() as tx:
        assert tx.scalar(JOINED, {"id": str(told.id)}) == 4


def test_the_record_of_somebody_elses_account_joins_nobody(
    ask: Ask, opened: Opened, houses: tuple[House, House], profiles_database: Database
) -> None:
    """Not even where it has the same address."""
    owner, thief = opened("owner"), opened("thief")
    record = guest(houses[0], thief.email)
    ask("ensure_client", record, Actor("person", account_id=owner.id))
    ask("sign_in", a_sign_in(thief.email).model_copy(update={"guest_of": of(record)}))
    with profiles_database.plumbing() as tx:
        assert tx.scalar(JOINED, {"id": str(thief.id)}) == 0
