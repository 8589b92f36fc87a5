"""Signing in and out, over the broker, with logins as the gateway reads them."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import pytest

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import DifferentContent, Forbidden, InvalidInput
from services.contracts import logins
from services.contracts.profiles.accounts import (
    AccountView,
    CommonPassword,
    GetAccount,
    RevokeLogins,
    Role,
    SignOut,
    WrongCredentials,
)
from services.profiles import operations
from services.profiles.domain.records import MemberRecord
from tests.integration.profiles.conftest import TRIES, Ask, InPractice, Opened
from tests.integration.profiles.samples import PASSWORD, House, a_sign_in, registration


def person(account: AccountView) -> Actor:
    return Actor(kind="person", account_id=account.id)


def wait_until(holds: Callable[[], bool], seconds: float = 5) -> None:
    until = monotonic() + seconds
    while not holds() and monotonic() < until:
        sleep(0.05)
    assert holds()


def stored(redis: Any, login_key: str) -> str | None:
    value: str | None = redis.get(logins.redis_key(login_key))
    return value


def test_who_has_an_account_signs_in_and_out(ask: Ask, redis: Any, opened: Opened) -> None:
    """The login lies in Redis with its idle time while it lasts, and is gone afterwards."""
    account = opened("ada")
    command = a_sign_in(account.email.upper())
    login = ask("sign_in", command)
    assert login.account == account
    assert logins.load(stored(redis, command.login_key) or "") == login
    assert 29 * 60 <= redis.ttl(logins.redis_key(command.login_key)) <= 30 * 60
    assert ask("sign_out", SignOut(login_key=command.login_key)).count == 1
    assert stored(redis, command.login_key) is None
    assert ask("sign_out", SignOut(login_key=command.login_key)).count == 0


def test_an_account_is_told_to_its_owner_only(ask: Ask, opened: Opened) -> None:
    """Who is not signed in has no account to be told."""
    account = opened("own")
    assert ask("get_account", GetAccount(), person(account)) == account
    with pytest.raises(Forbidden):
        ask("get_account", GetAccount())


def test_registering_twice_with_the_same_id_is_registering_once(ask: Ask) -> None:
    """The same content answers alike; other content under that id is refused."""
    command = registration("twice")
    assert ask("register_account", command) == ask("register_account", command)
    with pytest.raises(DifferentContent):
        ask("register_account", command.model_copy(update={"name": "Bea Other"}))
    with pytest.raises(DifferentContent):
        ask("register_account", command.model_copy(update={"password": "another slow river"}))


@pytest.mark.parametrize("password", ["password123", "QWERTYUIOP", "aaaaaaaaaa", "Ada Person"])
def test_a_common_password_is_refused(ask: Ask, password: str) -> None:
    """The refusal names the field."""
    with pytest.raises(CommonPassword) as refused:
        ask("register_account", registration("weak", password=password))
    assert "password" in refused.value.detail


def test_a_short_password_is_refused_by_name(ask: Ask) -> None:
    """Seven characters never reach the operation."""
    command = registration("short").model_copy(update={"password": "seven77"})
    with pytest.raises(InvalidInput) as refused:
        ask("register_account", command)
    assert set(refused.value.detail) == {"password"}


def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    ask: Ask, opened: Opened, redis: Any
) -> None:
    """Nothing tells the one from the other, and no login opens."""
    account = opened("wrong")
    told = []
    for email in (account.email, "nobody@people.example"):
        command = a_sign_in(email, "not the password")
        with pytest.raises(WrongCredentials) as refused:
            ask("sign_in", command)
        told.append((refused.value.message, refused.value.detail))
        assert stored(redis, command.login_key) is None
    assert told[0] == told[1]


def test_a_right_password_begins_the_count_anew(ask: Ask, opened: Opened) -> None:
    """Slips before signing in are forgotten."""
    account, here = opened("slips"), uuid4().hex
    for _ in range(2):
        for _ in range(TRIES - 1):
            with pytest.raises(WrongCredentials):
                ask("sign_in", a_sign_in(account.email, "a slip of it", here))
        ask("sign_in", a_sign_in(account.email, address=here))


def test_no_address_is_kept_in_redis_beside_a_count(ask: Ask, redis: Any) -> None:
    """Keys of counters tell neither e-mail nor network address."""
    with pytest.raises(WrongCredentials):
        ask("sign_in", a_sign_in("canary@people.example", "wrong", "198.51.100.7"))
    keys = list(redis.scan_iter("tries:*"))
    assert keys
    assert not [key for key in keys if "canary" in key or "198.51" in key]
    assert all(redis.ttl(key) > 0 for key in keys)


def test_revoking_ends_every_login_of_the_account_and_no_other(
    ask: Ask, opened: Opened, redis: Any
) -> None:
    """All devices at once; other people stay signed in."""
    mine, other = (opened(name) for name in ("mine", "other"))
    keys = [a_sign_in(mine.email) for _ in range(3)]
    for command in keys:
        ask("sign_in", command)
    stays = a_sign_in(other.email)
    ask("sign_in", stays)
    assert ask("revoke_logins", RevokeLogins(), person(mine)).count == 3
    assert [stored(redis, command.login_key) for command in keys] == [None] * 3
    assert stored(redis, stays.login_key) is not None
    again = a_sign_in(mine.email)
    ask("sign_in", again)
    sleep(1.5)
    assert stored(redis, again.login_key) is not None


def test_a_change_of_roles_ends_the_logins_that_do_not_know_it(
    ask: Ask, opened: Opened, redis: Any, houses: tuple[House, House], in_practice: InPractice
) -> None:
    """The wish commits with the role; staff have shorter logins, which name the role."""
    account = opened("promoted")
    before = a_sign_in(account.email)
    ask("sign_in", before)
    practice = houses[0].practice
    roles = frozenset({Role.FRONT_DESK})
    with in_practice(practice.id) as tx:
        operations.add_member(tx, MemberRecord(practice.id, account.id, roles), now=utc_now())
    wait_until(lambda: stored(redis, before.login_key) is None)
    login = ask("sign_in", a_sign_in(account.email))
    assert login.idle_minutes == 15
    [place] = login.account.memberships
    assert (place.practice_id, place.roles) == (practice.id, [Role.FRONT_DESK])


def test_becoming_an_operator_ends_logins_once(
    ask: Ask, opened: Opened, redis: Any, in_practice: InPractice
) -> None:
    """Making the same account operator again changes nothing."""
    account = opened("operator")
    before = a_sign_in(account.email)
    ask("sign_in", before)
    with in_practice(uuid4()) as tx:
        operations.make_operator(tx, account.id, now=utc_now())
    wait_until(lambda: stored(redis, before.login_key) is None)
    login = ask("sign_in", a_sign_in(account.email, PASSWORD))
    assert (login.account.is_operator, login.idle_minutes) == (True, 15)
