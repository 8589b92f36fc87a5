"""Waiting for things to become ready, never longer than said."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

import kombu
import psycopg2
import redis
from amqp.exceptions import AMQPError

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


def database_trouble(stack: Stack) -> str:
    """Why the administrator cannot log in; empty where they can. Tells no password."""
    try:
        psycopg2.connect(stack.admin_database_url, connect_timeout=2).close()
    except psycopg2.OperationalError as flaw:
        return _on_one_line(flaw)
    return ""


def database_answers(stack: Stack) -> bool:
    """Whether the administrator can log in."""
    return not database_trouble(stack)


def broker_trouble(stack: Stack) -> str:
    """Why a service does not get through the whole AMQP handshake; empty where it does."""
    try:
        with kombu.Connection(stack.amqp_url("gateway"), connect_timeout=2) as connection:
            connection.connect()
    except (OSError, AMQPError) as flaw:
        return _on_one_line(flaw)
    return ""


def broker_answers(stack: Stack) -> bool:
    """Whether a service gets through the whole AMQP handshake."""
    return not broker_trouble(stack)


def redis_trouble(stack: Stack) -> str:
    """Why it does not answer a PING with the password; empty where it does."""
    try:
        with redis.Redis.from_url(stack.redis_url, socket_timeout=2) as client:
            return "" if client.ping() else "no PONG"
    except redis.RedisError as flaw:
        return _on_one_line(flaw)


def redis_answers(stack: Stack) -> bool:
    """Whether it answers a PING with the password."""
    return not redis_trouble(stack)


def _on_one_line(flaw: Exception) -> str:
    return " ".join(str(flaw).split()) or type(flaw).__name__


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
