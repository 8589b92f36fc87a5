"""How far a plan is, by its sessions."""

from collections.abc import Iterable
from datetime import datetime

from services.plans.domain.course import Booked
from services.plans.domain.sessions import counts, takes_place


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
