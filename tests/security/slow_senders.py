"""The gateway behind uvicorn as it is served, on a port of loopback; and who sends it little."""

import asyncio
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from threading import Thread
from time import monotonic, sleep

import httpx
import uvicorn
from fastapi.responses import PlainTextResponse

from services.gateway.app import create_app
from services.gateway.connections import server_options
from services.gateway.visitors import Doorkeeper
from tests.unit.gateway.stand_ins import ORIGIN, NoRedis, ToldBackend
from tests.unit.gateway.test_protection import settings

JSON = "application/json"
HOST = ORIGIN.removeprefix("http://")
LONG = b"X" * 4_000_000
"""More than lies between the two sides untaken."""
LIMIT = 60
"""Seconds that a test grants: far more than any of its steps takes on a busy machine."""
ROUNDS = 20
"""Of the loop: enough for a connection to be made and its request to be under way."""
STRANGER, SOMEBODY = "127.0.0.66", "127.0.0.67"
HEAD = f"POST /api/v1/logins HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {JSON}\r\n"
HALF_SENT = f"{HEAD}Content-Length: 100\r\n\r\n{{".encode()


class TurnedLoop(asyncio.SelectorEventLoop):
    """The gateway's loop, by a clock that goes on as all do, and that the test may turn on."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead

    async def turn(self, seconds: float) -> None:
        """Turn the clock, between two looks at all that has come and is due."""
        await self._look()
        self.ahead += seconds
        await self._look()

    async def _look(self) -> None:
        for _ in range(ROUNDS):
            await asyncio.sleep(0)


class Served:
    """A gateway at work; every connection that was made to it ends with it."""

    def __init__(self, port: int, loop: TurnedLoop, ends: ExitStack) -> None:
        self.port = port
        self._loop = loop
        self._ends = ends

    def turn(self, seconds: float) -> None:
        """Let so much time pass, after what was sent has come and before anything else does."""
        asyncio.run_coroutine_threadsafe(self._loop.turn(seconds), self._loop).result(30)

    def connect(
        self, sender: str = STRANGER, sent: bytes = b"", window: int | None = None
    ) -> socket.socket:
        """A connection from that address on which so much was sent; `window` is how many bytes
        of an answer it lets come before they are taken."""
        made = self._ends.enter_context(socket.socket())
        made.settimeout(5)
        if window is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        made.bind((sender, 0))
        made.connect(("127.0.0.1", self.port))
        if sent:
            made.sendall(sent)
        return made

    def ask(self, path: str, sender: str = SOMEBODY, body: bytes | None = None) -> httpx.Response:
        """The answer to a request that is sent as a whole."""
        transport = httpx.HTTPTransport(local_address=sender)
        headers = {"host": HOST, "content-type": JSON}
        url, method = f"http://127.0.0.1:{self.port}{path}", "GET" if body is None else "POST"
        with httpx.Client(transport=transport, headers=headers) as http:
            return http.request(method, url, content=body)


@contextmanager
def served(most: int = 1000, **limits: object) -> Iterator[Served]:
    """The gateway with these settings and nothing behind it; `most` connections in all."""
    told = settings().model_copy(update=limits)
    app = create_app(told)
    app.state.doorkeeper = Doorkeeper(told, NoRedis())
    app.state.backend = ToldBackend({})
    app.add_api_route("/long", lambda: PlainTextResponse(LONG), methods=["GET"])
    options = server_options(told)
    options["http"].most = most
    # uvicorn's own limit of a kept connection is not what is looked at.
    options["timeout_keep_alive"] = 100 * LIMIT
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, **options)
    server, loop = uvicorn.Server(config), TurnedLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        thread = Thread(target=runner.run, args=(server.serve(),))
        thread.start()
        try:
            wait_until(lambda: server.started)
            with ExitStack() as ends:
                yield Served(server.servers[0].sockets[0].getsockname()[1], loop, ends)
        finally:
            server.should_exit = True
            thread.join(10)


def wait_until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Raises AssertionError where it does not become so."""
    until = monotonic() + seconds
    while not is_so():
        assert monotonic() < until
        sleep(0.02)


def rest_of(connection: socket.socket) -> bytes:
    """All that comes until the other side closes; raises TimeoutError where it does not."""
    found = b""
    try:
        while part := connection.recv(65_536):
            found += part
    except ConnectionResetError:
        pass
    return found


def is_quiet(connection: socket.socket) -> bool:
    """Whether nothing came and the other side has not closed."""
    came, _, _ = select.select([connection], [], [], 0)
    return not came


def status_from(connection: socket.socket) -> int:
    """The status of the answer that comes; it is taken as a whole."""
    answer = HTTPResponse(connection)
    answer.begin()
    answer.read()
    return answer.status
