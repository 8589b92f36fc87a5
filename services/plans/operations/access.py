"""Who may see a plan: its client and its practitioner. To everybody else it does not exist."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.database import enter_practice
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.plans.content import Party
from services.plans.models import Entry, Filling, Plan, Review
from services.plans.operations.charts import Looker, OpenChart, open_chart
from services.plans.operations.sealing import KeyRing
from services.plans.queries import charts, plans


@dataclass(frozen=True, slots=True)
class Seen:
    """A plan, and as whom the actor sees it."""

    plan: Plan
    looker: Looker

    @property
    def party(self) -> Party:
        return self.looker.party


def visible_plan(tx: Session, plan_id: UUID, actor: Actor) -> Seen:
    """The plan, with the transaction turned to its practice; NotFound for who may not see it.

    A client reads their own rows in every practice; a practitioner within the practice alone.
    """
    found = plans.plan(tx, plan_id)
    looker = None if found is None else _looker(found, actor)
    if found is None or looker is None:
        raise NotFound("There is no such plan.")
    if actor.practice_id != found.practice_id:
        enter_practice(tx, found.practice_id)
    return Seen(found, looker)


def lock_visible(tx: Session, plan_id: UUID, actor: Actor) -> Seen:
    """The same, as it is now and for this transaction alone."""
    seen = visible_plan(tx, plan_id, actor)
    return Seen(plans.lock_plan(tx, seen.plan.practice_id, plan_id), seen.looker)


def check_of_plan(plan: Plan, found: Entry | Filling | Review) -> None:
    """Refuses a record whose id is sent for another plan: DifferentContent within its chart,
    NotFound elsewhere."""
    if found.chart_id != plan.chart_id:
        raise NotFound("There is no such record.")
    if found.plan_id != plan.id:
        raise DifferentContent("This id was used in another plan.")


def chart_for(tx: Session, ring: KeyRing, seen: Seen, *, now: datetime) -> OpenChart:
    """The plan's chart, opened by who sees the plan."""
    chart = charts.chart(tx, seen.plan.practice_id, seen.plan.chart_id)
    return open_chart(tx, ring, chart, seen.looker, now=now)


def check_treats(actor: Actor) -> tuple[UUID, UUID]:
    """Practice and account of a practitioner; raises Forbidden for everybody else."""
    account_id = check_person(actor)
    if actor.practice_id is None or "practitioner" not in actor.roles:
        raise Forbidden("Only practitioners keep plans.")
    return actor.practice_id, account_id


def check_person(actor: Actor) -> UUID:
    """The account of who is signed in."""
    if actor.kind != "person" or actor.account_id is None:
        raise Forbidden("Please sign in first.")
    return actor.account_id


def _looker(plan: Plan, actor: Actor) -> Looker | None:
    if actor.kind != "person" or actor.account_id is None:
        return None
    if plan.account_id == actor.account_id and plan.first_proposed_at is not None:
        return Looker(Party.CLIENT, actor.account_id, None)
    treats = "practitioner" in actor.roles and actor.practice_id == plan.practice_id
    if treats and plan.practitioner_account_id == actor.account_id:
        return Looker(Party.PRACTITIONER, actor.account_id, plan.practitioner_id)
    return None
