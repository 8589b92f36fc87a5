"""Who looks at a day, and what else waits for them there."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request

from services.common.auth import Actor
from services.common.errors import Busy
from services.contracts.plans.notes import NoteToDo
from services.contracts.plans.views import PlanLine
from services.contracts.profiles.accounts import Membership, Role
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import (
    intake_marks,
    links,
    note_to_dos,
    plan_to_dos,
)
from services.gateway.web.receiving import receives
from services.gateway.web.treating import treating

Context = dict[str, Any]
KEEP_CALENDARS = frozenset({Role.OWNER, Role.ADMIN, Role.FRONT_DESK})


@dataclass(frozen=True, slots=True)
class DayDesk:
    """Who looks at a day, at which practice: their own, or the whole practice's."""

    request: Request
    backend: Backend
    visitor: Visitor
    here: Membership
    whose: str

    @property
    def actor(self) -> Actor:
        return self.visitor.actor(self.here.practice_id)

    @property
    def treating(self) -> list[Actor]:
        """The person in each practice where they treat: what waits is told of all of them."""
        return treating(self.visitor)

    @property
    def has_own(self) -> bool:
        return self.here.practitioner_id is not None and Role.PRACTITIONER in self.here.roles

    @property
    def may_see_all(self) -> bool:
        return bool(KEEP_CALENDARS.intersection(self.here.roles))

    @property
    def is_whole(self) -> bool:
        return self.may_see_all and (self.whose == "practice" or not self.has_own)

    def url(self, day: date, *, is_whole: bool | None = None) -> str:
        """The address of a day, of the practice where that is what is looked at."""
        whole = self.is_whole if is_whole is None else is_whole
        named = {"whose": "practice"} if whole and self.has_own else {}
        return links.with_query("/today", {"day": day.isoformat(), **named})

    def client_url(self, client_id: UUID) -> str:
        """The record of a client of this practice, named where somebody receives in several."""
        account = self.visitor.require_login().account
        where = {"practice": str(self.here.practice_id)} if len(receives(account)) > 1 else {}
        return links.with_query(f"/clients/{client_id}", where)


def where_of(memberships: list[Membership]) -> Membership | None:
    """Where somebody treats; else where they see the days of others."""
    treating = (one for one in memberships if one.practitioner_id)
    keeping = (one for one in memberships if KEEP_CALENDARS.intersection(one.roles))
    return next(treating, None) or next(keeping, None)


async def plans_to_look_at(desk: DayDesk) -> list[PlanLine] | None:
    """The plans that ask something of the practitioner; None while plans is away."""
    if desk.is_whole:
        return []
    try:
        found = await plan_to_dos.kept_plans(desk.backend, desk.treating)
    except Busy:
        return None
    return [one for one in found if plan_to_dos.asks_practitioner(one)]


async def notes_to_write(desk: DayDesk) -> list[NoteToDo] | None:
    """Sessions that want a note, None while it cannot be told; who looks at the whole practice
    writes none."""
    return [] if desk.is_whole else await note_to_dos.to_dos_of(desk.backend, desk.treating)


def kept_for(here: Membership) -> list[Context]:
    """What somebody keeps for the practice beside its days."""
    notes = {"label": "Signed notes of the practice", "url": "/notes"}
    asked = [
        one | {"label": "What clients are asked before a first session"}
        for one in intake_marks.kept([here])
    ]
    return [notes, *asked] if Role.SUPERVISOR in here.roles else asked
