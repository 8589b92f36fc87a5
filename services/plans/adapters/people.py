"""Asking booking whom somebody treats, and profiles who reads a client's plans."""

from dataclasses import dataclass
from uuid import UUID

from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.rpc.client import Caller
from services.contracts.booking.bookings import ListTreated, TreatedView
from services.contracts.profiles.clients import ClientView, GetClient


@dataclass(frozen=True, slots=True)
class Treated:
    """A client, who treats them, and the account that they sign in with, if they have one."""

    client_id: UUID
    practitioner_id: UUID
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class People:
    """booking and profiles, as plans sees them; the actor is handed on to both."""

    caller: Caller

    def treated(self, client_id: UUID, actor: Actor) -> Treated:
        """The client, if the actor treats them; raises NotFound, Forbidden, ServiceUnavailable."""
        asked = ListTreated(client_id=client_id)
        seen = self.caller.call("booking", "list_treated", asked, actor, TreatedView)
        if client_id not in seen.client_ids:
            raise NotFound("There is no such client.")
        about = GetClient(client_id=client_id)
        client = self.caller.call("profiles", "get_client", about, actor, ClientView)
        return Treated(client_id, seen.practitioner_id, client.account_id)
