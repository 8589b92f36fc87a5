"""Asking booking whom somebody treats, and profiles who reads a client's plans."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.rpc.client import Caller
from services.contracts.booking.bookings import ListTreated, TreatedView
from services.contracts.booking.treated import (
    AttendedView,
    GetTreatedSession,
    ListAttended,
    TreatedSession,
)
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

    def treated(self, client_id: UUID, actor: Actor, *, is_by_choice: bool = False) -> Treated:
        """The client, if the actor treats them, and if asked for, not by the practice's doing
        alone; raises NotFound, Forbidden, ServiceUnavailable."""
        asked = ListTreated(client_id=client_id, is_by_choice=is_by_choice)
        seen = self.caller.call("booking", "list_treated", asked, actor, TreatedView)
        if client_id not in seen.client_ids:
            raise NotFound("There is no such client.")
        account_id = self._account_of(client_id, actor)
        return Treated(client_id, seen.practitioner_id, account_id)

    def of_session(self, booking_id: UUID, actor: Actor) -> tuple[Treated, TreatedSession]:
        """A session of the actor's own with its client; raises NotFound, ServiceUnavailable."""
        asked = GetTreatedSession(booking_id=booking_id)
        seen = self.caller.call("booking", "get_treated_session", asked, actor, TreatedSession)
        account_id = self._account_of(seen.client_id, actor)
        return Treated(seen.client_id, seen.practitioner_id, account_id), seen

    def attended(
        self, from_at: datetime, until_at: datetime, without: list[UUID], actor: Actor
    ) -> list[TreatedSession]:
        """The actor's sessions to which the client came, those left out that are named; raises
        NotFound, ServiceUnavailable."""
        asked = ListAttended(from_at=from_at, until_at=until_at, without=without)
        return self.caller.call("booking", "list_attended", asked, actor, AttendedView).sessions

    def _account_of(self, client_id: UUID, actor: Actor) -> UUID | None:
        about = GetClient(client_id=client_id)
        return self.caller.call("profiles", "get_client", about, actor, ClientView).account_id
