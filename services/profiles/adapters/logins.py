"""Logins in Redis: one key each, and an index by account that lets all of them end at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from redis import Redis

from services.contracts import logins as contract
from services.contracts.profiles.accounts import LoginView
from services.profiles.adapters.redis_store import as_busy


class Logins:
    """Who is signed in."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis

    def open(self, login_key: str, login: LoginView) -> None:
        """Store a login from its `signed_in_at` on; raises Busy."""
        began = login.signed_in_at
        index = _index(login.account.id)
        with as_busy(), self._redis.pipeline(transaction=True) as steps:
            steps.set(
                contract.redis_key(login_key),
                contract.dump(login),
                ex=contract.seconds_left(login, began),
            )
            steps.zremrangebyscore(index, "-inf", (began - contract.LONGEST).timestamp())
            steps.zadd(index, {login_key: began.timestamp()})
            steps.expire(index, contract.LONGEST)
            steps.execute()

    def close(self, login_key: str) -> int:
        """End one login; how many there were (0 or 1). Raises Busy."""
        with as_busy():
            stored = self._redis.getdel(contract.redis_key(login_key))
            if stored is None:
                return 0
            if account_id := _account_of(stored):
                self._redis.zrem(_index(account_id), login_key)
            return 1

    def end_opened_until(self, account_id: UUID, until: datetime) -> int:
        """End every login of an account that was opened at `until` or before; how many."""
        index, last = _index(account_id), until.timestamp()
        with as_busy():
            keys = self._redis.zrangebyscore(index, "-inf", last)
            if not keys:
                return 0
            with self._redis.pipeline(transaction=True) as steps:
                steps.delete(*(contract.redis_key(key) for key in keys))
                steps.zremrangebyscore(index, "-inf", last)
                return int(steps.execute()[0])

    def disconnect(self) -> None:
        """Give the connections back."""
        self._redis.close()


def _index(account_id: UUID) -> str:
    return f"logins-of:{account_id}"


def _account_of(stored: str) -> UUID | None:
    try:
        return contract.load(stored).account.id
    except ValidationError:
        return None
