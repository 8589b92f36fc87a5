"""Tries counted in Redis; when Redis loses them, counting begins anew."""

from typing import Any

from redis import Redis

from services.profiles.adapters.redis_store import as_busy
from services.profiles.domain.tries import KNOWN_SECONDS, Limit, hidden

# One step for both, so that no counter is ever left without an end.
_COUNT = """
local tries = redis.call('INCR', KEYS[1])
if tries == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {tries, redis.call('TTL', KEYS[1])}
"""


class Tries:
    """Counts tries before their work is done, so that many at once gain nothing."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis
        self._count = self._redis.register_script(_COUNT)

    def count(self, limit: Limit, subject: str) -> None:
        """Count one; raises TooManyTries beyond the limit, Busy where Redis is away."""
        with as_busy():
            tries, seconds_left = self._count(keys=[limit.key(subject)], args=[limit.seconds])
        limit.check(int(tries), int(seconds_left))

    def forget(self, limit: Limit, subject: str) -> None:
        """Begin anew: this one was right."""
        with as_busy():
            self._redis.delete(limit.key(subject))

    def know(self, subject: str) -> None:
        """Remember who was right, for KNOWN_SECONDS."""
        with as_busy():
            self._redis.set(hidden("known", subject), 1, ex=KNOWN_SECONDS)

    def is_known(self, subject: str) -> bool:
        """Whether this one was right lately; raises Busy where Redis is away."""
        with as_busy():
            return bool(self._redis.exists(hidden("known", subject)))
