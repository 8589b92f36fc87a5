"""Celery tasks of booking, and their timetable."""

from uuid import UUID

from celery import shared_task

from services.booking.operations import holds
from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.context import new_request_id, request
from services.common.database import Database
from services.common.logging import describe, get_logger
from services.common.runtime import of_process

log = get_logger(__name__)
BATCH = 100
EVERY: dict[str, float] = {"booking.expire_holds": 5.0}


@shared_task(name="booking.expire_holds")  # type: ignore[untyped-decorator]
def expire_holds() -> None:
    """End holds whose deadline has passed: one transaction each, in its practice.

    One that fails keeps no other waiting; its lease ends and it is tried again.
    """
    database = of_process("booking").database
    with database.plumbing() as tx:
        lapsed = holds.take_lapsed(tx, utc_now(), BATCH)
    for practice_id, booking_id in lapsed:
        with request(new_request_id()):
            try:
                is_ended = _expire(database, practice_id, booking_id)
            except Exception as error:
                told = {"booking": str(booking_id), "error": describe(error)}
                log.warning("hold could not be ended", **told)
            else:
                log.info("hold looked at", is_ended=is_ended)


def _expire(database: Database, practice_id: UUID, booking_id: UUID) -> bool:
    with database.transaction(service_actor("booking", practice_id, "deadline")) as tx:
        return holds.expire_hold(tx, booking_id, utc_now())
