"""Asking plans whether something is asked of a client before their session."""

from dataclasses import dataclass
from uuid import UUID

from services.common.auth import Actor
from services.common.rpc.client import Caller
from services.contracts.plans.intake import GetIntakeDue, IntakeDueView


@dataclass(frozen=True, slots=True)
class Intakes:
    """plans, as notify sees it."""

    caller: Caller

    def is_due(self, client_id: UUID, actor: Actor) -> bool:
        """Whether the client owes an answer or a signature; raises ServiceUnavailable, Fault."""
        command = GetIntakeDue(client_id=client_id)
        return self.caller.call("plans", "get_intake_due", command, actor, IntakeDueView).is_due
