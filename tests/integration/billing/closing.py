"""Months of a world's books: seen and closed as who answers for the money does it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.domain.months import following, month_of, span
from services.billing.operations import months
from services.common.clock import utc_now
from services.contracts.billing.months import CloseMonth, GetMonth, MonthDetails
from tests.integration.billing.owner import without_trigger
from tests.integration.billing.world import World

ZONE = "Europe/Berlin"
GUARDS = (
    ("ledger_transactions", "ledger_transactions_month_open"),
    ("postings", "postings_month_open"),
)
CHANGED = "no closed month has changed"


def this_month() -> date:
    """The month in which the tests post."""
    return month_of(utc_now(), ZoneInfo(ZONE))


def end_of(month: date) -> datetime:
    """Its last midnight."""
    return span(month, ZoneInfo(ZONE)).until_at


def over(month: date, months_later: int = 0) -> datetime:
    """A moment at which a month is over, and what was under way as well."""
    for _ in range(months_later):
        month = following(month)
    return end_of(month) + timedelta(hours=2)


def close(
    world: World, month: date, now: datetime, *, id_: UUID | None = None, zone: str = ZONE
) -> MonthDetails:
    """Close a month."""
    command = CloseMonth(id=id_ or uuid7(), month=month, time_zone=zone)
    with world.database.transaction(world.admin) as tx:
        return months.close_month(tx, command, actor=world.admin, now=now)


def seen(world: World, month: date, now: datetime) -> MonthDetails:
    """A month as the desk sees it."""
    with world.database.reading(world.admin) as tx:
        asked = GetMonth(month=month, time_zone=ZONE)
        return months.get_month(tx, asked, actor=world.admin, now=now)


@contextmanager
def unguarded(servers: Stack) -> Iterator[None]:
    """Without the triggers that refuse what would change a closed month."""
    with ExitStack() as off:
        for table, trigger in GUARDS:
            off.enter_context(without_trigger(servers, table, trigger))
        yield
