"""Public answers that change rarely, remembered for some minutes: topics and approaches."""

from time import monotonic

from services.common.auth import Actor
from services.common.errors import Busy
from services.common.messages import Command
from services.gateway.backend import Backend
from services.gateway.calling import Answer

SECONDS = 300.0


class Remembered:
    """Asks in nobody's name, so that the answer suits everybody; refusals are not kept.

    While the service is away, what is remembered goes on being told.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._kept: dict[Command, tuple[float, object]] = {}

    async def ask(self, backend: Backend, command: Command, answer: type[Answer]) -> Answer:
        """The answer, from memory where it is fresh."""
        told_at, known = self._kept.get(command, (0.0, None))
        remembered = known if isinstance(known, answer) else None
        if remembered is not None and monotonic() - told_at < self._seconds:
            return remembered
        try:
            told = await backend.ask(Actor(), command, answer)
        except Busy:
            if remembered is None:
                raise
            return remembered
        self._kept[command] = (monotonic(), told)
        return told
