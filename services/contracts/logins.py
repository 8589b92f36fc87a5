"""A login's place and form in Redis: profiles writes it, the gateway reads and prolongs it.

Losing Redis means signing in again, and nothing else.
"""

from datetime import datetime, timedelta

from services.contracts.profiles.accounts import AccountView, LoginView

LONGEST = timedelta(hours=12)
CLIENT_IDLE_MINUTES = 30
STAFF_IDLE_MINUTES = 15


def redis_key(login_key: str) -> str:
    """Where the login lies; `login_key` is the SHA-256 of the cookie's token, hex."""
    return f"login:{login_key}"


def dump(login: LoginView) -> str:
    """The login as it is stored."""
    return login.model_dump_json()


def load(stored: str | bytes) -> LoginView:
    """The login that was stored; raises pydantic.ValidationError for anything else."""
    return LoginView.model_validate_json(stored)


def idle_minutes(account: AccountView) -> int:
    """How long a login lives unused: shorter for practice staff and operators (ASVS 5.0, 7.3)."""
    is_staff = account.is_operator or bool(account.memberships)
    return STAFF_IDLE_MINUTES if is_staff else CLIENT_IDLE_MINUTES


def seconds_left(login: LoginView, now: datetime) -> int:
    """The time to live to set at a use at `now`, in seconds; 0 where the login is over.

    The idle time, but never past twelve hours after signing in.
    """
    until_end = login.signed_in_at + LONGEST - now
    return max(0, min(login.idle_minutes * 60, int(until_end.total_seconds())))
