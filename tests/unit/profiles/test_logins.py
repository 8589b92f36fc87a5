"""How long a login lives, as both sides of Redis reckon it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.contracts import logins
from services.contracts.profiles.accounts import AccountView, LoginView, Membership, Role

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLIENT = AccountView(id=UUID(int=1), email="a@people.example", name="Ada", time_zone="UTC")
PLACE = Membership(practice_id=UUID(int=2), practice_name="Linden", roles=[Role.OWNER])


def login(account: AccountView = CLIENT) -> LoginView:
    return LoginView(account=account, signed_in_at=NOON, idle_minutes=logins.idle_minutes(account))


@pytest.mark.parametrize(
    ("account", "minutes"),
    [
        (CLIENT, 30),
        (CLIENT.model_copy(update={"memberships": [PLACE]}), 15),
        (CLIENT.model_copy(update={"is_operator": True}), 15),
    ],
)
def test_staff_are_signed_out_sooner_than_clients(account: AccountView, minutes: int) -> None:
    """Fifteen minutes for members and operators, thirty for everybody else."""
    assert logins.idle_minutes(account) == minutes


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        (timedelta(0), 1800),
        (timedelta(hours=11, minutes=30), 1800),
        (timedelta(hours=11, minutes=50), 600),
        (timedelta(hours=12), 0),
        (timedelta(hours=40), 0),
    ],
)
def test_use_prolongs_a_login_until_twelve_hours_are_over(after: timedelta, seconds: int) -> None:
    """The idle time, never past the end."""
    assert logins.seconds_left(login(), NOON + after) == seconds


def test_a_login_reads_back_as_it_was_written() -> None:
    """As text and as bytes, whichever way Redis hands it over."""
    written = logins.dump(login())
    assert logins.load(written) == logins.load(written.encode()) == login()


@pytest.mark.parametrize("stored", ["", "{}", '{"account": 1}'])
def test_anything_else_is_no_login(stored: str) -> None:
    """The gateway treats it as nobody."""
    with pytest.raises(ValidationError):
        logins.load(stored)


def test_a_login_lies_under_its_key() -> None:
    """The key that both sides use."""
    assert logins.redis_key("ab" * 32) == "login:" + "ab" * 32
