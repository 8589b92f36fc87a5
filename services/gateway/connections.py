"""Connections: how long each may take for a request's head, and how many a network address has.

uvicorn closes a connection only where nothing comes after an answer: one on which nothing was
ever asked, or whose head comes drop by drop, it would keep for ever.
"""

import asyncio
import resource
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from starlette.responses import PlainTextResponse
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.gateway.config import GatewayConfig
from services.gateway.networks import NoPlace, Places, network_of

HEALTH = ("/livez", "/readyz")
"""Answered also where there is no room for anybody else: or who is busy would be ended for it."""
MOST_FILES = 65_536
MOST_HEAD_BYTES = 64 * 1024
RETRY_AFTER_SECONDS = 5
_AGAIN = {"retry-after": str(RETRY_AFTER_SECONDS), "connection": "close"}
_FULL = PlainTextResponse("There are many visitors right now.", 503, _AGAIN)
_FULL_ADDRESS = (
    f"HTTP/1.1 503 Service Unavailable\r\nretry-after: {RETRY_AFTER_SECONDS}\r\n"
    "content-length: 0\r\nconnection: close\r\n\r\n"
).encode()


class Connection(HttpToolsProtocol):
    """Is closed where the head of the next request is not there in time, or is far too long, or
    where nobody takes the answer; and at once where its network address has as many as it may.
    Proxies have as many as they like.

    Beyond `most` in all every request is answered 503, except for health; connections that send
    nothing count until their time is over.
    """

    head_seconds: float
    answer_seconds: float
    most: int
    places: Places
    proxies: tuple[IPv4Network | IPv6Network, ...]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._network: str | None = None
        self._head_bytes: int | None = None
        self._waiting = self.loop.call_later(self.head_seconds, self._give_up)
        self._untaken: asyncio.TimerHandle | None = None
        host = self.client[0] if self.client else ""
        if self._is_proxy(host):
            return
        try:
            self.places.take(network_of(host))
            self._network = network_of(host)
        except NoPlace:
            transport.write(_FULL_ADDRESS)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._waiting.cancel()
        self._take()
        if self._network is not None:
            self.places.leave(self._network)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_head = self._head_bytes is not None
        super().data_received(data)
        if was_in_head and self._head_bytes is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self.send_400_response("Request head too large.")

    def on_message_begin(self) -> None:
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_bytes = None
        self._waiting.cancel()
        is_health = self.url.partition(b"?")[0].decode("latin-1") in HEALTH
        is_full = len(self.connections) > self.most and not is_health
        self.app = _FULL if is_full else self.config.loaded_app
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        is_idle = not self.pipeline
        super().on_response_complete()
        if is_idle:
            # What is left of a body that nobody read is no head either.
            self._waiting = self.loop.call_later(self.head_seconds, self._give_up)

    def _is_proxy(self, host: str) -> bool:
        try:
            return any(ip_address(host) in network for network in self.proxies)
        except ValueError:
            return False

    def pause_writing(self) -> None:
        self._untaken = self.loop.call_later(self.answer_seconds, self.transport.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        self._take()
        super().resume_writing()

    def _take(self) -> None:
        if self._untaken is not None:
            self._untaken.cancel()

    def _give_up(self) -> None:
        """Close once what was written is taken, for which there is time as for every answer."""
        self.transport.close()
        self._waiting = self.loop.call_later(self.answer_seconds, self.transport.abort)


def server_options(settings: GatewayConfig) -> dict[str, Any]:
    """What uvicorn is told about connections. There are no web sockets here."""

    class Bounded(Connection):
        head_seconds = settings.head_seconds
        answer_seconds = settings.answer_seconds
        most = _most_connections()
        places = Places(settings.connections_per_address)
        proxies = tuple(ip_network(one) for one in settings.trusted_proxies)

    return {"http": Bounded, "ws": "none"}


def _most_connections() -> int:
    """As many as there are files for, less a quarter for everything else."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = min(hard, MOST_FILES) if hard != resource.RLIM_INFINITY else MOST_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files * 3 // 4
