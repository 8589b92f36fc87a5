"""Waiting for things to become ready, never longer than said."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

import kombu
import psycopg2
import redis

from deploy.local.stack import Stack

#: Loopback is asked directly, whatever proxy a person's environment names.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotReady(Exception):
    """Something did not become ready in time; the text names it."""


def wait_for(what: str, probe: Callable[[], bool], seconds: float, pause: float = 0.1) -> None:
    """Ask until the probe says yes; raises NotReady after `seconds`."""
    deadline = time.monotonic() + seconds
    while not probe():
        if time.monotonic() > deadline:
            raise NotReady(f"{what} was not ready within {seconds:.0f} s")
        time.sleep(pause)


def database_answers(stack: Stack) -> bool:
    """Whether the administrator can log in."""
    try:
        psycopg2.connect(stack.admin_database_url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def broker_answers(stack: Stack) -> bool:
    """Whether a service gets through the whole AMQP handshake."""
    try:
        with kombu.Connection(stack.amqp_url("gateway"), connect_timeout=2) as connection:
            connection.connect()
    except OSError:
        return False
    return True


def redis_answers(stack: Stack) -> bool:
    """Whether it answers a PING with the password."""
    try:
        with redis.Redis.from_url(stack.redis_url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def answers_200(url: str) -> bool:
    """Whether an address answers 200 within two seconds."""
    try:
        with _DIRECT.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def answers_at_all(url: str) -> bool:
    """Whether an HTTP server is there, whatever it says."""
    try:
        _DIRECT.open(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
