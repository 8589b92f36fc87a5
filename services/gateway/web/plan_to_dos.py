"""What plans ask of their two people, as lists of to-dos: nothing clinical is in them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.views import PlanLine, PlansView
from services.gateway.backend import Backend
from services.gateway.web import plan_pauses
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
PLAN_TO_DO = {
    "label": "A plan waits for you",
    "detail": "Your practitioner has written it for you to read and agree to.",
    "action_label": "Read your plan",
}
DATES_TO_DO = {
    "label": "New dates wait for you",
    "detail": "Your practitioner has chosen them. They are booked once you agree.",
    "action_label": "Look at the dates",
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
    """A plan to read, dates to agree to, measures to fill in, a review to think of."""
    return [to_do for plan in plans for to_do in _of_client(plan)]


def of_practitioner(
    plans: Sequence[PlanLine], names: Mapping[UUID, str], shown: ShownZone, now: datetime
) -> list[Context]:
    """What needs a look first, then sessions without a date, plans that are paused, those that came
    back with a wish, and the reviews that are due."""
    alerts = [_alert(one, _name(one, names)) for one in plans if one.alerts]
    short = [_runs_short(one, _name(one, names)) for one in plans if one.runs_short]
    reviews = [_review(one, _name(one, names)) for one in plans if one.is_review_due]
    dates = [
        asked(one, _name(one, names))
        for one in plans
        for asked, is_it in ((_refused, one.are_dates_refused), (_undated, _is_short(one)))
        if is_it
    ]
    paused = [
        _paused(one, _name(one, names), plan_pauses.pause_label(since, shown, now))
        for one in plans
        if (since := plan_pauses.of_line(one))
    ]
    returned = [_returned(one, _name(one, names)) for one in plans if one.is_returned]
    return alerts + short + dates + paused + returned + reviews


def asks_practitioner(plan: PlanLine) -> bool:
    """Whether the plan stands in that list."""
    dates = plan.runs_short or plan.are_dates_refused or plan.undated > 0
    is_paused = plan_pauses.of_line(plan) is not None
    return plan.alerts > 0 or dates or is_paused or plan.is_returned or plan.is_review_due


def in_list(plan: PlanLine, party: Party) -> str:
    """What a plan asks of its reader, in a few words; empty where nothing."""
    if plan.alerts:
        return "needs your look today"
    if party is Party.CLIENT and plan.measures_due:
        return "to fill in"
    if party is Party.CLIENT and plan.are_dates_to_agree:
        return "dates to agree to"
    if plan.runs_short:
        return "sessions without a date"
    if party is Party.PRACTITIONER and (told := _for_desk(plan)):
        return told
    return "review due" if plan.is_review_due else ""


def _for_desk(plan: PlanLine) -> str:
    if plan.are_dates_refused or plan.undated or plan_pauses.of_line(plan):
        return "dates to choose"
    return "changes asked for" if plan.is_returned else ""


def _of_client(plan: PlanLine) -> list[Context]:
    url = f"/plans/{plan.id}"
    found = [PLAN_TO_DO | {"url": url}] if plan.waits_for is Party.CLIENT else []
    if plan.are_dates_to_agree:
        found.append(DATES_TO_DO | {"url": f"{url}#answer"})
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
        "url": f"{url}#due",
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


def _refused(plan: PlanLine, name: str) -> Context:
    return {
        "kind": "warn",
        "label": f"The dates for {name} could not be booked",
        "detail": "None of them was: choose others for the plan.",
        "url": f"/plans/{plan.id}/dates",
        "action_label": "Choose dates",
    }


def _undated(plan: PlanLine, name: str) -> Context:
    is_one = plan.undated == 1
    sessions = "1 session" if is_one else f"{plan.undated} sessions"
    return {
        "kind": "warn",
        "label": f"{sessions} with {name} {'has' if is_one else 'have'} no date",
        "detail": "Their plan has more sessions than are booked.",
        "url": f"/plans/{plan.id}",
        "action_label": "Open the plan",
    }


def _is_short(plan: PlanLine) -> bool:
    """Whether sessions have no date while others are to come."""
    return plan.undated > 0 and plan_pauses.of_line(plan) is None


def _paused(plan: PlanLine, name: str, label: str) -> Context:
    return {
        "kind": "warn",
        "label": f"{label}: the plan with {name}",
        "detail": "No session of it has a date after that. Choose new dates to go on.",
        "url": f"/plans/{plan.id}",
        "action_label": "Open the plan",
    }


def _returned(plan: PlanLine, name: str) -> Context:
    return {
        "kind": "warn",
        "label": f"{name} asks for changes to the plan",
        "detail": "Read what they wish; what you edit becomes a new version.",
        "url": f"/plans/{plan.id}",
        "action_label": "Read it",
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
