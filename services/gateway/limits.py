"""How often and how much anybody may: counted in Redis, under keys that tell nobody's address.

Without Redis nobody is kept out, and what Redis loses is counted anew.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from string import Template
from time import time
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.common.crypto import sign
from services.common.errors import Busy, Refusal
from services.common.logging import get_logger
from services.contracts.booking.bookings import EXTENSION, HOLD_FOR
from services.contracts.booking.refusals import TooManyHolds
from services.contracts.profiles.accounts import TooManyTries
from services.gateway.config import GatewayConfig

log = get_logger(__name__)
MINUTE, DAY = 60, 24 * 3600
HOLD_SECONDS = int(HOLD_FOR.total_seconds())
OPEN_SECONDS = HOLD_SECONDS + 2 * int(EXTENSION.total_seconds())
"""How long a hold lasts, and how long it can: it may be given more time twice."""
UNDER_WAY_SECONDS = 15
"""A call ends sooner; until then booking may not know of the hold yet."""
REFUSED_BY_SECONDS = 60
"""A call that is refused is refused sooner; what it took stays counted from then on."""
SOON = 30
UNBOUNDED = 1_000_000
STILL_HELD = Callable[[Sequence[UUID]], Awaitable[set[UUID]]]
"""Asks which of these bookings hold a seat still, unpaid."""

# A sorted set per subject: booking ids by the second in which they were taken. All or none of
# the subjects take the booking, so two calls at once cannot pass the same last place. The last
# key is a hash of the id: for each set the calls that count there and were not refused (yet).
# It lapses; an id that is in a set without it stays there.
_TAKE = Template("""
local now, id, calls = tonumber(ARGV[1]), ARGV[2], table.remove(KEYS)
for _, key in ipairs(KEYS) do redis.call('ZREMRANGEBYSCORE', key, '-inf', now - $day) end
local new = {}
for i, key in ipairs(KEYS) do
  local most_open, most_a_day = tonumber(ARGV[2 + 2 * i]), tonumber(ARGV[3 + 2 * i])
  new[key] = not redis.call('ZSCORE', key, id)
  if new[key] then
    if redis.call('ZCARD', key) >= most_a_day then
      return {'day', redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]}
    end
    local since = now - $open
    if redis.call('ZCOUNT', key, since, '+inf') >= most_open then
      return {'open', key, unpack(redis.call('ZRANGEBYSCORE', key, since, '+inf', 'WITHSCORES'))}
    end
  end
end
for _, key in ipairs(KEYS) do
  if new[key] then
    redis.call('ZADD', key, now, id)
    redis.call('EXPIRE', key, $day)
  end
  if new[key] or redis.call('HEXISTS', calls, key) == 1 then
    redis.call('HINCRBY', calls, key, 1)
  end
end
redis.call('EXPIRE', calls, ARGV[3])
return {'taken'}
""").substitute(day=DAY, open=OPEN_SECONDS)
# Only the last call under an id takes its count along, and only where each of them was refused.
_GIVE_BACK = """
local id, calls = ARGV[1], table.remove(KEYS)
for _, key in ipairs(KEYS) do
  if redis.call('HEXISTS', calls, key) == 1 and redis.call('HINCRBY', calls, key, -1) < 1 then
    redis.call('HDEL', calls, key)
    redis.call('ZREM', key, id)
  end
end
"""


class Limits:
    """Counts of what was done within a window, for each subject."""

    def __init__(self, redis: "Redis", key: bytes) -> None:
        self._redis = redis
        self._key = key

    async def count(self, what: str, subject: str, most: int, seconds: int = MINUTE) -> None:
        """Raises TooManyTries where `subject` did `what` more than `most` times in this window."""
        now = int(time())
        name = f"limit:{what}:{sign(self._key, 'limit', subject)}:{now // seconds}"
        try:
            seen = await self._redis.incr(name)
            if seen == 1:
                await self._redis.expire(name, seconds + MINUTE // 2)
        except RedisError:
            log.warning("limits are not counted: Redis is away")
            return
        if seen > most:
            wait = {"retry_after": str(seconds - now % seconds)}
            raise TooManyTries("That was a little fast.", wait)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who holds: an account, a guest or a network address, and how much it may."""

    name: str
    most_open: int
    most_a_day: int


class Holds:
    """Seats that are held unpaid, and bookings of a day, by who made them."""

    def __init__(self, redis: "Redis", key: bytes, clock: Callable[[], float] = time) -> None:
        self._redis: Any = redis
        self._key = key
        self._clock = clock
        self._take = self._redis.register_script(_TAKE)
        self._untake = self._redis.register_script(_GIVE_BACK)

    @asynccontextmanager
    async def counting(
        self, booking_id: UUID, subjects: Sequence[Subject], still_held: STILL_HELD
    ) -> AsyncIterator[None]:
        """Count a booking while it is made; a refused one is not counted. The same id counts once,
        as long as one of the calls under it was not refused.

        Raises TooManyHolds, with the seconds after which another try can succeed. A call without
        an answer stays counted: it may have taken the seat.
        """
        is_counted = await self._taken(booking_id, subjects, still_held)
        try:
            yield
        except Busy:
            raise
        except Refusal:
            if is_counted:
                await self._give_back(booking_id, subjects)
            raise

    async def _taken(
        self, booking_id: UUID, subjects: Sequence[Subject], still_held: STILL_HELD
    ) -> bool:
        """Whether it is counted: not without Redis."""
        try:
            told = await self._try(booking_id, subjects)
            for _ in subjects:
                # Each subject that is full of what was paid or let go meanwhile is full once.
                if told[0] == "open" and await self._forget_settled(told, still_held):
                    told = await self._try(booking_id, subjects)
        except RedisError:
            log.warning("holds are not counted: Redis is away")
            return False
        if told[0] == "day":
            raise self._too_many("That is a lot of bookings for one day.", float(told[1]) + DAY)
        if told[0] == "open":
            message = "You hold other times already. Please pay for one of them, or let it go."
            raise self._too_many(message, float(told[3]) + HOLD_SECONDS)
        return True

    async def _try(self, booking_id: UUID, subjects: Sequence[Subject]) -> list[str]:
        arguments: list[int | str] = [int(self._clock()), str(booking_id), REFUSED_BY_SECONDS]
        for one in subjects:
            arguments += [one.most_open, one.most_a_day]
        told = await self._take(keys=self._keys(booking_id, subjects), args=arguments)
        return [part.decode() for part in told]

    async def _forget_settled(self, told: list[str], still_held: STILL_HELD) -> bool:
        """Stop counting as open what was paid or let go; whether there was any."""
        name, now = told[1], int(self._clock())
        taken_at = {UUID(id_): float(at) for id_, at in zip(told[2::2], told[3::2], strict=True)}
        known = [id_ for id_, at in taken_at.items() if at < now - UNDER_WAY_SECONDS]
        settled = set(known) - await still_held(known) if known else set()
        if settled:
            earlier = {str(id_): taken_at[id_] - OPEN_SECONDS - 1 for id_ in settled}
            await self._redis.zadd(name, earlier, xx=True)
        return bool(settled)

    async def _give_back(self, booking_id: UUID, subjects: Sequence[Subject]) -> None:
        keys = self._keys(booking_id, subjects)
        try:
            await self._untake(keys=keys, args=[str(booking_id)])
        except RedisError:
            log.warning("a refused hold stays counted: Redis is away")

    def _too_many(self, message: str, free_at: float) -> TooManyHolds:
        wait = max(SOON, int(free_at - self._clock()))
        return TooManyHolds(message, {"retry_after": str(wait)})

    def _keys(self, booking_id: UUID, subjects: Sequence[Subject]) -> list[str]:
        """The set of each subject, then the calls under the id."""
        sets = [f"holds:{sign(self._key, 'holds', one.name)}" for one in subjects]
        return [*sets, f"holding:{booking_id}"]


@dataclass(frozen=True, slots=True)
class Tally:
    """The holds of whoever sends one request from a network address."""

    holds: Holds
    address: str
    settings: GatewayConfig

    def guest(self, email: str) -> str:
        """A guest: the mailbox that was typed, from here. Who types it elsewhere is another one,
        for nobody has to prove that it is theirs, and its owner must not be kept out by that."""
        return f"guest:{mailbox_of(email)} {self.address}"

    def counting(
        self, booking_id: UUID, person: str, still_held: STILL_HELD
    ) -> AbstractAsyncContextManager[None]:
        """`Holds.counting` for a person and for the network address."""
        told = self.settings
        subjects = [
            Subject(person, told.open_holds, told.bookings_per_day),
            Subject(f"address:{self.address}", told.open_holds_per_address, UNBOUNDED),
        ]
        return self.holds.counting(booking_id, subjects, still_held)


def mailbox_of(email: str) -> str:
    """The mailbox behind an address: `a+b@c` is delivered to `a@c` (RFC 5233)."""
    local, _, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
