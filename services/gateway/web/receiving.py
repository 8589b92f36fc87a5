"""Who receives clients, and in which practice: the desk at which their pages are opened."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.profiles.accounts import AccountView, Membership, Role
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web.links import with_query

SEES_ALL = frozenset({Role.OWNER, Role.ADMIN, Role.FRONT_DESK})
RECEIVES = SEES_ALL | {Role.PRACTITIONER}
InPractice = Annotated[UUID | None, Query(alias="practice")]


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at the desk of one practice; `others` are the further ones where they receive."""

    request: Request
    backend: Backend
    visitor: Visitor
    here: Membership
    others: tuple[Membership, ...] = ()

    @property
    def actor(self) -> Actor:
        return self.visitor.actor(self.here.practice_id)

    @property
    def practice_id(self) -> UUID:
        return self.here.practice_id

    @property
    def sees_all(self) -> bool:
        """Whether every client of the practice is theirs to see; else whom they treat."""
        return bool(SEES_ALL.intersection(self.here.roles))

    @property
    def own_id(self) -> UUID | None:
        """Their own calendar, if they treat."""
        return self.here.practitioner_id if Role.PRACTITIONER in self.here.roles else None

    def url(self, path: str, **query: str) -> str:
        """An address of this desk; it names the practice where there are several."""
        where = {"practice": str(self.practice_id)} if self.others else {}
        return with_query(path, query | where)


def receives(account: AccountView) -> list[Membership]:
    """Where somebody receives clients."""
    return [one for one in account.memberships if RECEIVES.intersection(one.roles)]


def treats(here: Membership) -> bool:
    """Whether somebody treats in a practice: with a calendar there, and the role to keep it."""
    return here.practitioner_id is not None and Role.PRACTITIONER in here.roles


async def _open(
    request: Request, backend: Asked, visitor: WebVisitor, practice: InPractice = None
) -> Desk | None:
    found = receives(visitor.require_login().account)
    here = next((one for one in found if practice in (None, one.practice_id)), None)
    if here is None:
        return None
    others = tuple(one for one in found if one is not here)
    return Desk(request, backend, visitor, here, others)


MaybeOpen = Annotated[Desk | None, Depends(_open)]


async def _desk(desk: MaybeOpen) -> Desk:
    if desk is None:
        raise Forbidden("This page is for those who receive clients.")
    return desk


async def _desk_of_client(desk: MaybeOpen) -> Desk:
    """For pages that name a client: to everybody else there is none."""
    if desk is None:
        raise NotFound("There is no such client.")
    return desk


Receiving = Annotated[Desk, Depends(_desk)]
ReceivingClient = Annotated[Desk, Depends(_desk_of_client)]
