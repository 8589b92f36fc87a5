"""How far a plan is, by its sessions."""

from collections.abc import Iterable
from datetime import datetime

from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.courses import CourseState
from services.contracts.plans.sessions import PlanProgress
from services.plans.domain.course import Booked
from services.plans.domain.lifecycle import UNDER_WAY
from services.plans.domain.sessions import counts, takes_place

AT_REST = frozenset({CourseState.BOOKED, CourseState.STOPPED})
"""No dates are on their way."""


def undated(
    state: PlanState, dates: CourseState | None, progress: PlanProgress | None, party: Party
) -> int:
    """How many sessions of a plan have no date, nor one that is on its way: for who chooses them,
    once sessions were booked for it."""
    is_asked = party is Party.PRACTITIONER and state in UNDER_WAY and dates in AT_REST
    if not is_asked or progress is None or progress.total is None:
        return 0
    return max(progress.total - progress.placed, 0)


def used(booked: Iterable[Booked], now: datetime) -> int:
    """How many sessions of these courses are used: those that count, once they have begun, or will
    not take place and are owed for."""
    return sum(_used(one, now) for one in booked)


def _used(booked: Booked, now: datetime) -> int:
    if not booked.is_heard_of:
        return sum(start <= now for start in booked.kept)
    stop = booked.stop
    counted = (one for one in booked.known if counts(one, stop))
    return sum(one.starts_at <= now or not takes_place(one, stop) for one in counted)
