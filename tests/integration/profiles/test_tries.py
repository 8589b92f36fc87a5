"""Who guesses is stopped soon where they are, and in the end everywhere; the owner is not."""

from uuid import uuid4

import pytest

from services.contracts.profiles.accounts import (
    AccountView,
    TooManyTries,
    WrongCredentials,
)
from services.contracts.profiles.registering import SendRegistrationMail
from tests.integration.profiles.conftest import TRIES, TRIES_EVERYWHERE, Ask, Opened
from tests.integration.profiles.samples import a_sign_in, registration


def guess(ask: Ask, account: AccountView, times: int, network: str = "") -> None:
    """Wrong passwords, each from a network of its own unless one is told."""
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            ask("sign_in", a_sign_in(account.email, "a wrong guess", network))


def test_tries_of_a_mailbox_are_few_from_one_network(ask: Ask, opened: Opened) -> None:
    """Beyond them even the right password has to wait there, and the wait is told."""
    account, here = opened("guessed"), uuid4().hex
    guess(ask, account, TRIES, here)
    with pytest.raises(TooManyTries) as refused:
        ask("sign_in", a_sign_in(account.email.upper(), address=here))
    assert 0 < int(refused.value.detail["retry_after"]) <= 900


def test_a_stranger_keeps_nobody_out_from_one_network(ask: Ask, opened: Opened) -> None:
    """However often they try: the owner signs in elsewhere, on a network they never used."""
    account, there = opened("kept-out"), uuid4().hex
    guess(ask, account, TRIES, there)
    for _ in range(2 * TRIES_EVERYWHERE):
        with pytest.raises(TooManyTries):
            ask("sign_in", a_sign_in(account.email, "a wrong guess", there))
    assert ask("sign_in", a_sign_in(account.email)).account == account


def test_guessing_from_many_networks_ends(ask: Ask, opened: Opened) -> None:
    """Each of them is new to the mailbox, and together they have so many tries."""
    account = opened("hunted")
    guess(ask, account, TRIES_EVERYWHERE)
    with pytest.raises(TooManyTries):
        ask("sign_in", a_sign_in(account.email))


def test_an_owner_gets_in_where_they_signed_in_before(ask: Ask, opened: Opened) -> None:
    """While the mailbox is guessed from everywhere; another mailbox is not known there."""
    account, other = (opened(name) for name in ("home", "guest"))
    home = uuid4().hex
    ask("sign_in", a_sign_in(account.email, address=home))
    guess(ask, account, TRIES_EVERYWHERE - 1)
    guess(ask, other, TRIES_EVERYWHERE)
    assert ask("sign_in", a_sign_in(account.email, address=home)).account == account
    for one, network in ((account, ""), (other, home)):
        with pytest.raises(TooManyTries):
            ask("sign_in", a_sign_in(one.email, address=network))


def test_guessing_at_home_is_no_easier_than_elsewhere(ask: Ask, opened: Opened) -> None:
    """A known network has the tight bound as every other."""
    account, home = opened("household"), uuid4().hex
    ask("sign_in", a_sign_in(account.email, address=home))
    guess(ask, account, TRIES, home)
    with pytest.raises(TooManyTries):
        ask("sign_in", a_sign_in(account.email, address=home))


def test_registering_a_mailbox_is_bounded_in_the_same_two_ways(ask: Ask) -> None:
    """A stranger who types it from one network does not keep its owner from registering; wishes
    to have the mail again count with it."""
    email, there = registration("bounded").email, uuid4().hex

    def again(network: str) -> None:
        ask("register_account", registration("x", email=email, address=network))

    for _ in range(TRIES - 1):
        again(there)
    ask("send_registration_mail", SendRegistrationMail(email=email, address=there))
    with pytest.raises(TooManyTries):
        again(there)
    for _ in range(TRIES_EVERYWHERE - TRIES):
        again(uuid4().hex)
    with pytest.raises(TooManyTries):
        again(uuid4().hex)
