"""Stand-ins for what lies behind the gateway: services that answer from a table, no Redis."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis

from services.common.auth import Actor
from services.common.errors import NotFound, Refusal
from services.common.messages import Command, View
from services.gateway.backend import Backend
from services.gateway.calling import AsyncCaller, Read

ORIGIN = "http://127.0.0.1:8000"
Told = Mapping[type[Command], Callable[[Any], Any]]


class NoRedis(Redis):
    """Redis for visitors without cookies: whoever asks it has made a mistake."""

    def __init__(self) -> None:
        """No connection is made."""

    def __del__(self, *_: object) -> None:
        """None is closed either."""


class ToldCaller(AsyncCaller):
    """Asks a function of the test instead of the broker, and counts what would be messages."""

    def __init__(self, tell: Callable[[Actor, Command], View]) -> None:
        """No connection is made."""
        self.tell = tell
        self.calls: Counter[str] = Counter()

    async def call_plain(self, service: str, method: str, command: Command, actor: Actor) -> Any:
        """One message, one answer."""
        self.calls[service] += 1
        return self.tell(actor, command)

    async def call_together(self, service: str, reads: Sequence[Read]) -> list[dict[str, Any]]:
        """One message, as many answers."""
        self.calls[service] += 1
        return [self._reply(one) for one in reads]

    def _reply(self, read: Read) -> dict[str, Any]:
        try:
            return {"result": self.tell(read.actor, read.command)}
        except Refusal as refusal:
            return {"error": {"exc_type": type(refusal).__name__, "exc_args": refusal.args}}


class ToldBackend(Backend):
    """Answers each command by a function of the test; `calls` counts the messages by service."""

    def __init__(self, told: Told) -> None:
        caller = ToldCaller(self.tell)
        super().__init__(caller)
        self.told = dict(told)
        self.calls = caller.calls
        self.asked: list[Command] = []

    def tell(self, actor: Actor, command: Command) -> View:
        """What the test tells; unknown commands are NotFound."""
        self.asked.append(command)
        if type(command) not in self.told:
            raise NotFound("not told")
        view: View = self.told[type(command)](command)
        return view


def fetch(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    """What a browser gets for an address, redirects not followed."""
    told = {"accept": "text/html"} | {key.replace("_", "-"): text for key, text in headers.items()}

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            return await browser.get(path, headers=told)

    return asyncio.run(get())
