"""Starts that the staff of a calendar may book for a client: beyond notice and window."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import date_of
from services.booking.domain.slot_rules import Horizon
from services.booking.operations.access import check_staff
from services.booking.operations.free import free_of
from services.booking.operations.on_behalf import check_client
from services.booking.operations.slots import (
    BEYOND,
    FreeSlots,
    check_dates,
    format_of,
    viewers_dates,
)
from services.booking.queries import offerings
from services.booking.queries.offerings import Offered
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.on_behalf import ListPracticeSlots


@dataclass(frozen=True, slots=True)
class PracticeSlots:
    """Free starts of one offering, and all that its practitioner offers."""

    free: FreeSlots
    offered: Sequence[Offered]


def list_practice_slots(
    tx: Transaction, command: ListPracticeSlots, *, actor: Actor, now: datetime
) -> PracticeSlots:
    """Starts on the viewer's dates; raises NotFound, InvalidInput."""
    check_dates(command.from_on, command.until_on)
    practice_id = check_staff(tx, command.practitioner_id, actor)
    if command.client_id is not None:
        check_client(tx, command.client_id, actor, now)
    offered = offerings.offered_by(tx, [practice_id], [command.practitioner_id], now)
    return PracticeSlots(_free(tx, command, _chosen(offered, command.offering_id), now), offered)


def _chosen(offered: Sequence[Offered], offering_id: UUID | None) -> Offered:
    fitting = (one for one in offered if offering_id in (None, one.offering.id))
    found = next(fitting, None)
    if found is None:
        raise NotFound("There is no such offering.")
    return replace(found, is_by_practice=True)


def _free(tx: Transaction, command: ListPracticeSlots, found: Offered, now: datetime) -> FreeSlots:
    format_ = format_of(found, command.format)
    span = viewers_dates(command.from_on, command.until_on, command.time_zone)
    until = datetime.fromtimestamp(span.end, UTC) + BEYOND
    everything = free_of(tx, [found], [format_], now=now, until=until)[0]
    starts = [start for start in everything if span.start <= start < span.end]
    beyond = (start for start in everything if start >= span.end)
    last_on = date_of(Horizon.of(found.rules, now).last_day)
    return FreeSlots(found, starts, next(iter(starts), next(beyond, None)), last_on, format_, True)
