"""Bodies of requests: read as a whole, within a time and a length, before anybody works on them.

A body is parsed as a whole anyway, before anybody is asked who sends it. Until it is there its
request takes no place among those under way: who sends half a body keeps nobody else out.
"""

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from services.gateway.networks import NoPlace, Places, network_of

MOST_BYTES = 64 * 1024
MOST_WEBHOOK_BYTES = 512 * 1024
"""Stripe's may be longer than those of anybody else."""
TOO_LARGE = "This is larger than anything we take."
TOO_SLOW = "What you sent did not arrive in time. Please try again."


class Bodies:
    """Reads bodies: each has `seconds` in all; of each network address so many are awaited."""

    def __init__(self, seconds: float, most_awaited: int) -> None:
        self._seconds = seconds
        self._awaited = Places(most_awaited)

    async def read(self, scope: Scope, receive: Receive) -> Receive:
        """`receive` for a request whose body is there.

        Raises HTTPException 413 for a body beyond its length, unread where that was announced;
        408 where the rest does not come in time; 503 beyond what a network address may leave
        awaited; and ClientDisconnect for who has left.
        """
        headers = Headers(scope=scope)
        if not ("content-length" in headers or "transfer-encoding" in headers):
            return receive
        most = MOST_WEBHOOK_BYTES if scope["path"].startswith("/webhooks/") else MOST_BYTES
        if is_announced_longer(headers, most):
            raise HTTPException(413, TOO_LARGE)
        network = network_of(scope["client"][0]) if scope["client"] else ""
        try:
            with self._awaited.within(network):
                async with asyncio.timeout(self._seconds):
                    return _again(await _whole(receive, most), receive)
        except NoPlace:
            raise HTTPException(503) from None
        except TimeoutError:
            raise HTTPException(408, TOO_SLOW) from None


def is_announced_longer(headers: Headers, most: int) -> bool:
    """Whether Content-Length tells of more bytes than that; what is no number tells nothing."""
    length = headers.get("content-length", "").lstrip("0")
    if not length.isdecimal():
        return False
    return len(length) > len(str(most)) or int(length) > most


async def _whole(receive: Receive, most: int) -> bytes:
    """All of it, whatever was announced; raises HTTPException 413 as soon as it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            raise HTTPException(413, TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """`receive` that tells of this body first."""
    told: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return told.pop() if told else await receive()

    return again
