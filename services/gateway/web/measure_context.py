"""Measures and reviews as the pages of a plan tell them."""

from datetime import datetime, timedelta
from typing import Any

from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.measures import (
    ChangeRule,
    Course,
    FillingView,
    InstrumentView,
    MeasureView,
)
from services.contracts.plans.reviews import Decision, ReviewView
from services.contracts.plans.rhythm import Unit
from services.contracts.plans.views import PlanView
from services.gateway.web import labels
from services.gateway.web.score_chart import Scored, chart
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
HELP_STAYS = timedelta(days=2)
"""For so long the plan's page leads to crisis help after an answer that asked for it."""
BETWEEN_REVIEWS = frozenset({PlanState.AGREED, PlanState.ACTIVE})
DECISIONS = {
    Decision.GO_ON: "The plan goes on as it is.",
    Decision.CHANGE: "The plan changes: a new version follows, for both to agree to.",
    Decision.END: "The plan ends.",
}


def measures_and_reviews(plan: PlanView, shown: ShownZone, now: datetime) -> Context:
    """What both pages of a plan show of measures, alerts and reviews."""
    return {
        "measures": [measure(plan, one, shown, now) for one in plan.measures],
        "needs_help": plan.party is Party.CLIENT and _asked_for_help(plan, now),
        "alerts": [
            {
                "answers_url": f"/plans/{plan.id}/answers/{one.filling_id}",
                "seen_url": f"/plans/{plan.id}/alerts/{one.id}/seen",
                "at": labels.instant(one.raised_at),
                "at_label": labels.moment_label(one.raised_at, shown.info, now),
            }
            for one in plan.alerts
        ],
        "is_review_due": plan.is_review_due,
        "next_review_label": _next_review(plan, shown, now),
        "record_url": f"/plans/{plan.id}/reviews/new" if plan.may_record_review else "",
        "reviews": [_review(plan, one, shown, now) for one in plan.reviews],
    }


def measure(plan: PlanView, told: MeasureView, shown: ShownZone, now: datetime) -> Context:
    """One measure: when it is due, its scores as a drawing and as rows, what they may say."""
    instrument = told.instrument
    standing = [one for one in reversed(told.fillings) if not one.is_replaced]
    is_desk = plan.party is Party.PRACTITIONER
    form_url = f"/plans/{plan.id}/measures/{instrument.slug}"
    return {
        "slug": instrument.slug,
        "name": instrument.name,
        "summary": instrument.summary,
        "source": instrument.source,
        "permission": instrument.permission,
        "rhythm_label": rhythm_label(told.every, told.unit),
        "is_due": told.is_due,
        "due_label": "" if plan.state is PlanState.ENDED else _due_label(told, shown, now),
        "fill_url": form_url if plan.may_log and told.is_due else "",
        "correct_url": form_url if plan.may_log and not told.is_due and told.correctable else "",
        "chart": chart(
            [_scored(one, shown, now) for one in standing], instrument.most, instrument.bands
        ),
        "rows": [
            _row(plan, instrument, one, shown, now)
            for one in told.fillings
            if is_desk or not one.is_replaced
        ],
        "has_answers": is_desk,
        "course": _course(told.course, instrument.change),
    }


def rhythm_label(every: int | None, unit: Unit | None) -> str:
    """ "each session", "every 2 weeks"; what is not in the plan any more has none."""
    if every is None or unit is None:
        return "not in the plan any more"
    one = {Unit.SESSIONS: "each session", Unit.WEEKS: "every week"}[unit]
    return one if every == 1 else f"every {every} {unit.value}"


def score_label(instrument: InstrumentView, filling: FillingView) -> str:
    """ "9 of 27"."""
    return f"{filling.score} of {instrument.most}"


def _due_label(told: MeasureView, shown: ShownZone, now: datetime) -> str:
    if told.every is None or told.is_due:
        return ""
    if told.due_at is None:
        return "Comes round after your next sessions."
    return f"Comes round on {labels.day_label(told.due_at, shown.info, now)}."


def _scored(filling: FillingView, shown: ShownZone, now: datetime) -> Scored:
    label = labels.day_label(filling.filled_at, shown.info, now)
    return Scored(filling.filled_at, filling.score, label)


def _row(
    plan: PlanView,
    instrument: InstrumentView,
    filling: FillingView,
    shown: ShownZone,
    now: datetime,
) -> Context:
    return {
        "at": labels.instant(filling.filled_at),
        "at_label": labels.moment_label(filling.filled_at, shown.info, now),
        "score_label": score_label(instrument, filling),
        "band": filling.band,
        "is_replaced": filling.is_replaced,
        "asks_for_help": filling.asks_for_help,
        "url": f"/plans/{plan.id}/answers/{filling.id}",
    }


def _course(course: Course | None, rule: ChangeRule | None) -> Context | None:
    """What the scores may say, with its rule: a reason to talk, no verdict."""
    if course is None or rule is None:
        return None
    if course is Course.WORSE:
        told = f"The last score is {rule.points} points or more above the first one."
    else:
        told = (
            f"After {rule.weeks} weeks or more the last score is less than {rule.points} points "
            f"below the first one, which was {rule.from_score} or more."
        )
    return {
        "heading": "Perhaps not on track",
        "text": told,
        "hint": "That is a reason to talk about it together, not a verdict.",
        "source": rule.source,
    }


def _review(plan: PlanView, review: ReviewView, shown: ShownZone, now: datetime) -> Context:
    seen_at = review.acknowledged_at
    is_to_see = seen_at is None and plan.party is Party.CLIENT
    return {
        "at": labels.instant(review.recorded_at),
        "at_label": labels.moment_label(review.recorded_at, shown.info, now),
        "went_well": review.went_well,
        "to_change": review.to_change,
        "decision_label": DECISIONS[review.decision],
        "seen_url": f"/plans/{plan.id}/reviews/{review.id}/seen" if is_to_see else "",
        "seen_label": _seen_label(seen_at, shown, now),
    }


def _seen_label(at: datetime | None, shown: ShownZone, now: datetime) -> str:
    if at is None:
        return "Not seen by the client yet."
    return f"Seen by the client: {labels.moment_label(at, shown.info, now)}."


def _next_review(plan: PlanView, shown: ShownZone, now: datetime) -> str:
    """When the plan is looked at together next; "" where that is due, or never is."""
    if plan.is_review_due or plan.state not in BETWEEN_REVIEWS:
        return ""
    if _waits_for_dates(plan):
        return "The next review comes after your next sessions, once the plan goes on."
    if plan.review_due_at is not None:
        return f"The next review is due on {labels.day_label(plan.review_due_at, shown.info, now)}."
    return "The next review comes after your next sessions." if plan.is_review_awaited else ""


def _waits_for_dates(plan: PlanView) -> bool:
    """Whether a plan is paused before the session that its next review goes by; until there are new
    dates nobody knows when that is, whatever of the pause was heard of by now."""
    shape = plan.agreed.content.shape if plan.agreed else None
    paused_from, due_at = plan.dates.paused_from, plan.review_due_at
    if shape is None or paused_from is None or shape.review_every is None:
        return False
    is_by_sessions = shape.review_unit is Unit.SESSIONS
    return is_by_sessions and (due_at is None or due_at >= paused_from)


def _asked_for_help(plan: PlanView, now: datetime) -> bool:
    every = (one for measure in plan.measures for one in measure.fillings)
    return any(one.asks_for_help and now < one.filled_at + HELP_STAYS for one in every)
