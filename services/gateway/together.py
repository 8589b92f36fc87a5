"""What a page asks of one service at the same time leaves in one message.

Pages say what they need where they need it, and `asyncio.gather` it; nobody has to know what else
the same request asks. Reads only: a write is a call of its own.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from services.common import context
from services.common.auth import Actor
from services.common.messages import Command
from services.common.rpc.together import MOST_QUESTIONS
from services.common.rpc.wire import is_read, result_of
from services.gateway.calling import AsyncCaller, Read

TURNS = 2
"""How often the event loop goes round before a message leaves: once for each `gather` within a
`gather` that goes along, and pages go no deeper. It waits for nothing but for the others' turns."""
Reply = asyncio.Future[dict[str, Any]]


@dataclass
class _Party:
    """Those that leave together."""

    reads: list[Read] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.reads) == MOST_QUESTIONS


class Together:
    """Asks services, with one call for what a web request asks one of them at the same time."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller
        self._waiting: dict[tuple[str, str], _Party] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def ask(self, service: str, method: str, command: Command, actor: Actor) -> Any:
        """The service's view as it rendered it; raises as `AsyncCaller.call` does."""
        request_id = context.request_id()
        if not request_id or not is_read(method):
            return await self._caller.call_plain(service, method, command, actor)
        party = self._party((request_id, service))
        reply: Reply = asyncio.get_running_loop().create_future()
        party.reads.append(Read(method, command, actor))
        party.replies.append(reply)
        return result_of(await reply)

    def _party(self, key: tuple[str, str]) -> _Party:
        """The one that waits for company still, or else a new one."""
        party = self._waiting.get(key)
        if party is None or party.is_full:
            party = self._waiting[key] = _Party()
            leaving = asyncio.create_task(self._leave(key, party))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
        return party

    async def _leave(self, key: tuple[str, str], party: _Party) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if self._waiting.get(key) is party:
            del self._waiting[key]
        try:
            told = await self._told(key[1], party.reads)
        except Exception as failure:
            for reply in party.replies:
                if not reply.done():
                    reply.set_exception(failure)
            return
        for reply, one in zip(party.replies, told, strict=True):
            if not reply.done():
                reply.set_result(one)

    async def _told(self, service: str, reads: list[Read]) -> list[dict[str, Any]]:
        if len(reads) > 1:
            return await self._caller.call_together(service, reads)
        [(method, command, actor)] = reads
        return [{"result": await self._caller.call_plain(service, method, command, actor)}]
