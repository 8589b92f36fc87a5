"""How far plans are, for lists: by their sessions alone, no chart is opened for it."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from services.common.database import enter_practice
from services.contracts.plans.sessions import PlanProgress
from services.plans.domain.course import kept
from services.plans.domain.progress import paused_from, used
from services.plans.models import Plan
from services.plans.operations.course_views import booked, sessions_of
from services.plans.queries import courses, plans

Progress = dict[UUID, PlanProgress]


def progress_of(
    tx: Session, practice_id: UUID, plan_ids: Iterable[UUID], now: datetime
) -> Progress:
    """Of those plans of a practice for which sessions were booked."""
    found = courses.of_plans(tx, practice_id, plan_ids)
    known = sessions_of(tx, found)
    by_plan = {id_: list(its) for id_, its in groupby(found, lambda one: one.plan_id)}
    totals = plans.agreed_sessions(tx, practice_id, by_plan)
    return {
        id_: PlanProgress(
            used=used(booked(its, known), now),
            total=totals.get(id_),
            placed=kept(booked(its, known)),
            paused_from=paused_from(booked(its, known), totals.get(id_)),
        )
        for id_, its in by_plan.items()
    }


def progress_everywhere(tx: Session, found: Iterable[Plan], now: datetime) -> Progress:
    """Of a client's plans in all practices; the transaction is turned to each of them."""
    told: Progress = {}
    by_practice: dict[UUID, list[UUID]] = {}
    for plan in found:
        by_practice.setdefault(plan.practice_id, []).append(plan.id)
    for practice_id, plan_ids in by_practice.items():
        enter_practice(tx, practice_id)
        told |= progress_of(tx, practice_id, plan_ids, now)
    return told
