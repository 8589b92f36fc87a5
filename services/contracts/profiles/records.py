"""Clients as their practice keeps them: found by name or address, each with how to reach them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.contracts.base import Page

MOST_AMONG = 2000
"""As many clients as one practitioner's list is made of."""

Among = Annotated[list[UUID], Field(max_length=MOST_AMONG)]


class SearchClients(Command):
    """Clients of the actor's practice by name; with `text` those whose name or address holds it.

    `among` are the only ones to look at. Who does not see all of the practice names them, as
    booking told whom they treat.
    """

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    among: Among | None = None
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class ClientLine(View):
    """A client in a list; the address tells two of one name apart."""

    id: UUID
    name: str
    email: str


class Colleague(View):
    """Who treats in a practice."""

    id: UUID
    name: str


class ClientLinesPage(Page):
    """A part of the clients, and who treats in their practice."""

    clients: list[ClientLine]
    practitioners: list[Colleague]


class GetClientRecord(Command):
    """How a client of the actor's practice is reached; for those who receive clients there."""

    client_id: UUID


class ClientRecordView(View):
    """What the practice keeps of a client itself, and who treats there.

    `has_account`: they sign in by themselves, and their record follows what they type.
    """

    id: UUID
    practice_id: UUID
    name: str
    email: str
    phone: str | None
    time_zone: str
    has_account: bool
    since: Instant
    practitioners: list[Colleague]
