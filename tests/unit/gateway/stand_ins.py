"""Stand-ins for what lies behind the gateway: services that answer from a table, no Redis."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis

from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.messages import Command
from services.common.rpc.aio import Answer
from services.gateway.backend import Backend, address

ORIGIN = "http://127.0.0.1:8000"
Told = Mapping[type[Command], Callable[[Any], Any]]


class NoRedis(Redis):
    """Redis for visitors without cookies: whoever asks it has made a mistake."""

    def __init__(self) -> None:
        """No connection is made."""

    def __del__(self, *_: object) -> None:
        """None is closed either."""


class ToldBackend(Backend):
    """Answers each command by a function of the test, and counts the calls."""

    def __init__(self, told: Told) -> None:
        self.told = dict(told)
        self.calls: Counter[str] = Counter()
        self.asked: list[Command] = []

    async def ask(self, actor: Actor, command: Command, answer: type[Answer]) -> Answer:
        """What the test tells; unknown commands are NotFound."""
        self.calls[address(type(command))[0]] += 1
        self.asked.append(command)
        if type(command) not in self.told:
            raise NotFound("not told")
        view = self.told[type(command)](command)
        assert isinstance(view, answer)
        return view


def fetch(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    """What a browser gets for an address, redirects not followed."""
    told = {"accept": "text/html"} | {key.replace("_", "-"): text for key, text in headers.items()}

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            return await browser.get(path, headers=told)

    return asyncio.run(get())
