"""Who looks at a day, and what else waits for them there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request

from services.common.auth import Actor
from services.common.errors import Busy, Forbidden
from services.contracts.plans.notes import NoteToDo
from services.contracts.plans.views import PlanLine
from services.contracts.profiles.accounts import AccountView, Membership, Role
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import (
    intake_marks,
    links,
    note_to_dos,
    plan_to_dos,
)
from services.gateway.web.receiving import receives, treats
from services.gateway.web.treating import treating

Context = dict[str, Any]
KEEP_CALENDARS = frozenset({Role.OWNER, Role.ADMIN, Role.FRONT_DESK})


@dataclass(frozen=True, slots=True)
class DayDesk:
    """Who looks at a day, at which practice: their own, or the whole practice's. `others` are the
    further practices whose days they see."""

    request: Request
    backend: Backend
    visitor: Visitor
    here: Membership
    whose: str
    others: Sequence[Membership] = ()

    @property
    def actor(self) -> Actor:
        return self.visitor.actor(self.here.practice_id)

    @property
    def treating(self) -> list[Actor]:
        """The person in each practice where they treat: what waits is told of all of them."""
        return treating(self.visitor)

    @property
    def has_own(self) -> bool:
        return treats(self.here)

    @property
    def may_see_all(self) -> bool:
        return bool(KEEP_CALENDARS.intersection(self.here.roles))

    @property
    def is_whole(self) -> bool:
        return self.may_see_all and (self.whose == "practice" or not self.has_own)

    def url(self, day: date, *, is_whole: bool | None = None) -> str:
        """The address of a day, of the practice where that is what is looked at; it names the
        practice where there are several."""
        whole = self.is_whole if is_whole is None else is_whole
        named = {"whose": "practice"} if whole and self.has_own else {}
        where = {"practice": str(self.here.practice_id)} if self.others else {}
        return links.with_query("/today", {"day": day.isoformat(), **named, **where})

    def practices(self, day: date) -> list[Context]:
        """The same day elsewhere."""
        return [
            {"name": one.practice_name, "url": links.day_url(one.practice_id, day)}
            for one in self.others
        ]

    def client_url(self, client_id: UUID) -> str:
        """The record of a client of this practice, named where somebody receives in several."""
        account = self.visitor.require_login().account
        where = {"practice": str(self.here.practice_id)} if len(receives(account)) > 1 else {}
        return links.with_query(f"/clients/{client_id}", where)


def seeing_days(account: AccountView, practice_id: UUID | None) -> list[Membership]:
    """Where somebody sees days; first the practice that is asked for, else one in which they
    treat. Raises Forbidden for a practice of which they see none."""
    found = [
        one for one in account.memberships if treats(one) or KEEP_CALENDARS.intersection(one.roles)
    ]
    found.sort(key=lambda one: (one.practice_id != practice_id, not treats(one)))
    if found and practice_id not in (None, found[0].practice_id):
        raise Forbidden("This page is for those who keep a calendar.")
    return found


def today_url(visitor: Visitor, practice_id: UUID) -> str:
    """The day of who works in a practice; it names the practice where they see days in several."""
    ids = [one.practice_id for one in seeing_days(visitor.require_login().account, None)]
    is_named = len(ids) > 1 and practice_id in ids
    return links.with_query("/today", {"practice": str(practice_id)} if is_named else {})


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
