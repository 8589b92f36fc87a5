"""How far a plan is, by its sessions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.courses import CourseState
from services.contracts.plans.sessions import PlanProgress
from services.plans.domain.course import Booked, kept
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


def pause_told(
    state: PlanState, dates: CourseState | None, paused_from: datetime | None
) -> datetime | None:
    """From when on a plan is paused, as it is told: no more once the plan is over, or new dates are
    on their way."""
    return paused_from if state in UNDER_WAY and dates in AT_REST else None


def paused_from(booked: Sequence[Booked], total: int | None) -> datetime | None:
    """From when on nothing that was booked for a plan takes place, nor will by itself; None where
    something does, or where the plan has all of its `total`."""
    ends = [one.stopped_from for one in booked if one.stopped_from is not None]
    if not ends or len(ends) < len(booked):
        return None
    end = max(ends)
    stands = any(at >= end for one in booked for at in one.taking_place)
    has_all = total is not None and kept(booked) >= total
    return None if stands or has_all else end


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
