"""The only RPC client of the gateway: a command goes to the service of its contracts module.

`GetBooking` of `services.contracts.booking` is `booking.get_booking`; the one word for folder,
service and contracts makes a table of calls needless.
"""

import re
from functools import cache
from typing import Any

from services.common.auth import Actor
from services.common.messages import Command, View
from services.gateway.calling import Answer, AsyncCaller
from services.gateway.together import Together


@cache
def address(command: type[Command]) -> tuple[str, str]:
    """Service and method of a command."""
    service = command.__module__.split(".")[2]
    return service, re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


class Backend:
    """Asks the services, in the name of an actor."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller
        self._together = Together(caller)

    async def ask(self, actor: Actor, command: Command, answer: type[Answer]) -> Answer:
        """The service's view; raises its refusal, or ServiceUnavailable after 5 s."""
        return answer.model_validate(await self.pass_on(actor, command))

    async def pass_on(self, actor: Actor, command: Command) -> Any:
        """The service's view as it rendered it, where the gateway only hands it on."""
        service, method = address(type(command))
        return await self._together.ask(service, method, command, actor)

    async def ask_service(
        self, service: str, actor: Actor, command: Command, answer: type[Answer]
    ) -> Answer:
        """The same for what every service answers (its health)."""
        return await self._caller.call(service, address(type(command))[1], command, actor, answer)


class Nothing(View):
    """The answer of calls that tell nothing."""
