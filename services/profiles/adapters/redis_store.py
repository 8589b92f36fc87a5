"""The connection to Redis, with every wait bounded."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import RedisError

from services.common.errors import Busy

SECONDS = 2.0


def connect(url: str) -> Redis:
    """A pool of connections; nothing is opened before its first use."""
    client: Redis = Redis.from_url(
        url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, decode_responses=True
    )
    return client


@contextmanager
def as_busy() -> Iterator[None]:
    """Raises Busy where Redis is away: the same call may be repeated."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Busy("Signing in does not work right now. Please try again.") from error
