"""Who works in a practice, by name, for those whom it concerns."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, View

MOST_MEMBERS = 100


class ListMembers(Command):
    """The names of some of a practice's people, for its clients and for its people themselves."""

    account_ids: Annotated[list[UUID], Field(max_length=MOST_MEMBERS)]


class MemberName(View):
    """Somebody who works in the practice."""

    account_id: UUID
    name: str


class MembersView(View):
    """Those who were asked for; who does not work there, or does no more, is left out."""

    members: list[MemberName]
