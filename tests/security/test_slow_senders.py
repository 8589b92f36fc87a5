"""Who sends half a body, half a head or nothing at all keeps nobody else out, and not for long."""

import socket

import pytest

from services.gateway.connections import MOST_HEAD_BYTES
from tests.security.slow_senders import (
    HALF_SENT,
    HEAD,
    HOST,
    LIMIT,
    LONG,
    STRANGER,
    Served,
    is_quiet,
    rest_of,
    served,
    status_from,
    wait_until,
)

WHOLE = b'{"email": "mia"}'
LENGTHY = f"GET /long HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
CLOSING = b"\r\nConnection: close\r\n\r\n"
ASKED = f"GET /livez HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


def drip(gateway: Served, connection: socket.socket, drop: bytes) -> None:
    """Send drop by drop until the limit is over; before that nobody gives it up."""
    for _ in range(4):
        gateway.turn(0.2 * LIMIT)
        connection.sendall(drop)
    gateway.turn(0)
    assert is_quiet(connection)
    gateway.turn(0.3 * LIMIT)


def test_half_sent_bodies_keep_nobody_else_out() -> None:
    """Many more of them than may be under way: everybody else is answered, also from there."""
    with served(requests_at_once=4, bodies_per_address=50) as gateway:
        for _ in range(40):
            gateway.connect(sent=HALF_SENT)
        assert gateway.ask("/crisis-help").status_code == 200
        assert gateway.ask("/api/v1/logins", body=WHOLE).status_code == 422
        assert gateway.ask("/api/v1/logins", STRANGER, WHOLE).status_code == 422
        assert gateway.ask("/crisis-help", STRANGER).status_code == 200


def test_one_address_leaves_only_so_many_bodies_awaited() -> None:
    """The next one is told to come again; somebody else's is awaited, and so is the next one
    once there is room."""
    with served(bodies_per_address=5) as gateway:
        held = [gateway.connect(sent=HALF_SENT) for _ in range(5)]
        refused = rest_of(gateway.connect(sent=HALF_SENT)).lower()
        assert refused.startswith(b"http/1.1 503")
        assert b"\r\nretry-after: " in refused
        assert b"\r\ncontent-security-policy: " in refused
        assert gateway.ask("/api/v1/logins", body=WHOLE).status_code == 422
        held[0].sendall(b" " * 99)
        assert held[0].recv(65_536).startswith(b"HTTP/1.1 422")
        assert gateway.ask("/api/v1/logins", STRANGER, WHOLE).status_code == 422


def test_a_body_that_does_not_come_in_time_is_given_up() -> None:
    """408 and the end of the connection, however steadily it drips; then there is room again."""
    with served(body_seconds=LIMIT, bodies_per_address=1) as gateway:
        slow = gateway.connect(sent=HALF_SENT)
        drip(gateway, slow, b" ")
        given_up = rest_of(slow)
        assert given_up.startswith(b"HTTP/1.1 408")
        assert b"\r\ncontent-type: application/problem+json\r\n" in given_up
        assert gateway.ask("/api/v1/logins", STRANGER, WHOLE).status_code == 422


@pytest.mark.parametrize("begun", [b"", HEAD.encode()])
def test_a_connection_without_a_whole_head_is_closed(begun: bytes) -> None:
    """Whether nothing is sent or a head that never ends, drop by drop."""
    with served(head_seconds=LIMIT) as gateway:
        silent = gateway.connect(sent=begun)
        drip(gateway, silent, b"X" if begun else b"")
        assert rest_of(silent) == b""


def test_after_an_answer_the_next_head_has_as_long_and_no_longer() -> None:
    """A connection that is used is kept; what is left of a refused body is no head."""
    with served(head_seconds=LIMIT) as gateway:
        used = gateway.connect()
        for _ in range(4):
            gateway.turn(0.4 * LIMIT)
            used.sendall(ASKED)
            assert status_from(used) == 200
        used.sendall(f"{HEAD}Content-Length: 9999999\r\n\r\n".encode())
        assert status_from(used) == 413
        drip(gateway, used, b" ")
        assert rest_of(used) == b""


def test_answers_that_nobody_takes_keep_nobody_else_out() -> None:
    """A request is over when its answer is made."""
    with served(requests_at_once=2) as gateway:
        for _ in range(6):
            gateway.connect(sent=2 * LENGTHY, window=1024).recv(1)
        assert gateway.ask("/crisis-help").status_code == 200


@pytest.mark.parametrize("asked", [LENGTHY, LENGTHY.replace(b"\r\n\r\n", CLOSING)])
def test_a_connection_whose_answer_is_not_taken_ends(asked: bytes) -> None:
    """Also one that is to be closed after it: there is room for another one then."""
    limits = {"head_seconds": LIMIT, "answer_seconds": LIMIT}
    with served(connections_per_address=1, **limits) as gateway:
        gateway.connect(sent=asked, window=1024).recv(1)
        gateway.turn(0.5 * LIMIT)
        assert gateway.ask("/livez", STRANGER).status_code == 503
        gateway.turn(0.6 * LIMIT)
        wait_until(lambda: gateway.ask("/livez", STRANGER).status_code == 200)


def test_who_takes_an_answer_slowly_but_steadily_gets_all_of_it() -> None:
    """Longer than it may wait in all; it is never untouched for so long."""
    with served(answer_seconds=LIMIT, head_seconds=LIMIT) as gateway:
        slow, taken, passed = gateway.connect(sent=LENGTHY, window=65_536), 0, 0.0
        while part := slow.recv(65_536):
            taken += len(part)
            gateway.turn(len(part) / len(LONG) * 1.02 * LIMIT)
            passed += len(part) / len(LONG) * 1.02 * LIMIT
        assert taken > len(LONG)
        assert passed > LIMIT


def test_a_head_without_end_is_refused() -> None:
    """uvicorn itself would keep all of it."""
    with served() as gateway:
        endless = gateway.connect(sent=HEAD.encode())
        for _ in range(MOST_HEAD_BYTES // 8192 + 1):
            gateway.turn(0)
            endless.sendall(b"X" * 8192)
        assert rest_of(endless).startswith(b"HTTP/1.1 400")


def test_one_address_has_only_so_many_connections() -> None:
    """The next one is told to come again; somebody else has their own, and so has health."""
    with served(connections_per_address=20, head_seconds=60) as gateway:
        held = [gateway.connect() for _ in range(20)]
        assert rest_of(gateway.connect()).startswith(b"HTTP/1.1 503")
        assert gateway.ask("/crisis-help").status_code == 200
        assert gateway.ask("/livez").status_code == 200
        for connection in held[:2]:
            connection.close()
        gateway.turn(0)
        assert gateway.ask("/crisis-help", STRANGER).status_code == 200


def test_a_proxy_has_as_many_connections_as_it_likes() -> None:
    """Everybody comes through it."""
    with served(connections_per_address=2, trusted_proxies=(f"{STRANGER}/32",)) as gateway:
        for _ in range(10):
            gateway.connect()
        assert gateway.ask("/crisis-help", STRANGER).status_code == 200


def test_a_full_server_still_says_that_it_is_alive() -> None:
    """Or it would be ended for being busy; everybody else is told to come again."""
    with served(most=10) as gateway:
        for _ in range(12):
            gateway.connect()
        assert gateway.ask("/livez").status_code == 200
        answer = gateway.ask("/crisis-help")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
