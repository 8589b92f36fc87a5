"""The service profiles: what the clients of a practice are called."""

from uuid import UUID

from services.common.auth import Actor
from services.common.rpc.client import Caller
from services.contracts.profiles.clients import ClientsView, ListClients


class ClientBook:
    """Asks profiles as billing itself, in one practice."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def names(self, client_ids: list[UUID], us: Actor) -> dict[UUID, str]:
        """The practice's clients by id, at most 200; unknown ones are left out.

        Raises ServiceUnavailable.
        """
        asked = ListClients(client_ids=client_ids)
        told = self._caller.call("profiles", "list_clients", asked, us, ClientsView)
        return {one.id: one.name for one in told.clients}
