"""Answers: kept until they are whole, but for streams of events."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import Message, Send

STREAM = "text/event-stream"
"""Server-sent events: what an EventSource accepts, also when it comes back by itself."""


class Made:
    """An answer as it is made: kept until it is whole, but for a stream, which is sent at once.

    `opened` is called where it turns out to be a stream.
    """

    def __init__(self, send: Send, opened: Callable[[], None] = lambda: None) -> None:
        self.kept: list[Message] = []
        self.is_stream = False
        self._send = send
        self._opened = opened

    async def take(self, message: Message) -> None:
        """Keep a part of it, or send it."""
        if message["type"] == "http.response.start" and _is_stream(message):
            self.is_stream = True
            self._opened()
        if self.is_stream:
            await self._send(message)
        else:
            self.kept.append(message)

    async def send_kept(self) -> None:
        """Send what was kept."""
        for message in self.kept:
            await self._send(message)


def _is_stream(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(STREAM)
