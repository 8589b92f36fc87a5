"""Celery tasks of booking, and their timetable."""

from celery import shared_task

from services.booking.operations import holds
from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.context import new_request_id, request
from services.common.logging import get_logger
from services.common.runtime import of_process

log = get_logger(__name__)
BATCH = 100
EVERY: dict[str, float] = {"booking.expire_holds": 5.0}


@shared_task(name="booking.expire_holds")  # type: ignore[untyped-decorator]
def expire_holds() -> None:
    """End holds whose deadline has passed: one transaction each, in its practice."""
    database = of_process("booking").database
    with database.plumbing() as tx:
        lapsed = holds.take_lapsed(tx, utc_now(), BATCH)
    for practice_id, booking_id in lapsed:
        actor = service_actor("booking", practice_id, "deadline")
        with request(new_request_id()), database.transaction(actor) as tx:
            is_ended = holds.expire_hold(tx, booking_id, utc_now())
        log.info("hold looked at", is_ended=is_ended)
