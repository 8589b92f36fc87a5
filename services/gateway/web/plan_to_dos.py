"""What plans ask of their two people, as lists of to-dos: nothing clinical is in them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.views import PlanLine, PlansView
from services.gateway.backend import Backend

Context = dict[str, Any]
PLAN_TO_DO = {
    "label": "A plan waits for you",
    "detail": "Your practitioner has written it for you to read and agree to.",
    "action_label": "Read your plan",
}
REVIEW_TO_DO = {
    "label": "A review of your plan is due",
    "detail": "What goes well, and what should change? You talk about it in your next session.",
    "action_label": "Look at your plan",
}


async def kept_plans(backend: Backend, actors: Sequence[Actor]) -> list[PlanLine]:
    """The plans that somebody keeps in all these practices: what needs a look first, what has
    ended last."""
    asked = (backend.ask(one, ListPlans(), PlansView) for one in actors)
    every = [plan for told in await asyncio.gather(*asked) for plan in told.plans]
    return sorted(every, key=lambda one: (not one.alerts, one.state is PlanState.ENDED))


def of_client(plans: Sequence[PlanLine]) -> list[Context]:
    """A plan to read, measures to fill in, a review to think of."""
    return [to_do for plan in plans for to_do in _of_client(plan)]


def of_practitioner(plans: Sequence[PlanLine], names: Mapping[UUID, str]) -> list[Context]:
    """What needs a look first, then sessions without a date, and the reviews that are due."""
    alerts = [_alert(one, _name(one, names)) for one in plans if one.alerts]
    short = [_runs_short(one, _name(one, names)) for one in plans if one.runs_short]
    reviews = [_review(one, _name(one, names)) for one in plans if one.is_review_due]
    return alerts + short + reviews


def asks_practitioner(plan: PlanLine) -> bool:
    """Whether the plan stands in that list."""
    return plan.alerts > 0 or plan.runs_short or plan.is_review_due


def in_list(plan: PlanLine, party: Party) -> str:
    """What a plan asks of its reader, in a few words; empty where nothing."""
    if plan.alerts:
        return "needs your look today"
    if party is Party.CLIENT and plan.measures_due:
        return "to fill in"
    if plan.runs_short:
        return "sessions without a date"
    return "review due" if plan.is_review_due else ""


def _of_client(plan: PlanLine) -> list[Context]:
    url = f"/plans/{plan.id}"
    found = [PLAN_TO_DO | {"url": url}] if plan.waits_for is Party.CLIENT else []
    if plan.measures_due:
        found.append(_to_fill_in(plan.measures_due, url))
    if plan.is_review_due:
        found.append(REVIEW_TO_DO | {"url": url})
    return found


def _to_fill_in(number: int, url: str) -> Context:
    is_one = number == 1
    return {
        "label": "A questionnaire waits for you" if is_one else f"{number} questionnaires wait",
        "detail": "A few minutes, so that you and your practitioner see how it goes.",
        "url": f"{url}#measures",
        "action_label": "Fill it in" if is_one else "Fill them in",
    }


def _alert(plan: PlanLine, name: str) -> Context:
    return {
        "kind": "bad",
        "label": f"Answers of {name} need your look today",
        "detail": "Crisis help was shown to them at once. They were told that nobody watches.",
        "url": f"/plans/{plan.id}",
        "action_label": "Look now",
    }


def _runs_short(plan: PlanLine, name: str) -> Context:
    return {
        "kind": "warn",
        "label": f"Further sessions with {name} could not be booked",
        "detail": "Their plan goes on without an end, but no further dates are booked.",
        "url": f"/plans/{plan.id}",
        "action_label": "Look why",
    }


def _review(plan: PlanLine, name: str) -> Context:
    return {
        "kind": "warn",
        "label": f"The review with {name} is due",
        "detail": "Look at the plan together, then write down what you decided.",
        "url": f"/plans/{plan.id}",
        "action_label": "Open the plan",
    }


def _name(plan: PlanLine, names: Mapping[UUID, str]) -> str:
    return names.get(plan.client_id, "a client")
