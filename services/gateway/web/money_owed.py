"""What is owed for sessions on account: the longest first, by age."""

import asyncio
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from services.common.clock import utc_now
from services.contracts.billing.attention import ListOwed, OwedAge, OwedLine, OwedPage, OwedSum
from services.contracts.profiles.clients import ClientsView, ListClients
from services.gateway.web import labels, links, money_words
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page

router = APIRouter(prefix="/practices/{practice_id}/money/owed")
Context = dict[str, Any]
SECTION = "owed"
Turned = Annotated[str, Query(alias="page", max_length=200)]


@router.get("")
async def owed_page(desk: AtMoney, age: OwedAge | None = None, turned: Turned = "") -> Response:
    """Sessions for which something is owed, each with its client and practitioner."""
    asked = ListOwed(age=age, cursor=turned or None)
    told = await desk.backend.ask(desk.actor, asked, OwedPage)
    ids = list(dict.fromkeys(one.client_id for one in told.lines))
    named = ListClients(client_ids=ids, is_with_practitioners=True)
    practice, people = await asyncio.gather(
        desk.practice(), desk.backend.ask(desk.actor, named, ClientsView)
    )
    zone, here = ZoneInfo(practice.time_zone), {"age": age.value} if age else {}
    context = {
        "desk": desk.frame(SECTION),
        "zone_label": labels.zone_name(zone),
        "ages": _ages(desk, age),
        "csv_url": desk.url("owed.csv", **here),
        "lines": [_line(desk, one, people, zone) for one in told.lines],
        "pages": desk.pages(SECTION, told.previous_cursor, told.next_cursor, **here),
    }
    return await page(desk.request, "money_owed.html", context, active="money")


def sum_line(desk: MoneyDesk, owed: OwedSum) -> Context:
    """What is owed since so long, with the way to its sessions."""
    return {
        "label": money_words.AGES[owed.age],
        "count_label": "1 session" if owed.count == 1 else f"{owed.count:,} sessions",
        "amount": labels.money_label(owed.money),
        "url": desk.url("owed", age=owed.age.value),
    }


def _ages(desk: MoneyDesk, chosen: OwedAge | None) -> list[Context]:
    every: list[tuple[OwedAge | None, str]] = [(None, "All"), *money_words.AGES.items()]
    return [
        {
            "label": label,
            "url": desk.url(SECTION, age=age.value if age else ""),
            "is_selected": age == chosen,
        }
        for age, label in every
    ]


def _line(desk: MoneyDesk, owed: OwedLine, people: ClientsView, zone: ZoneInfo) -> Context:
    names = {one.id: one.name for one in people.clients}
    treating = {one.id: one.name for one in people.practitioners}
    session = links.staff_booking_url(desk.practice_id, owed.booking_id)
    record = links.client_url(desk.practice_id, owed.client_id)
    return {
        "at": labels.instant(owed.since),
        "at_label": labels.moment_label(owed.since, zone, utc_now()),
        "session_url": session if desk.sees_sessions else None,
        "client_name": names.get(owed.client_id, "Client"),
        "client_url": record if desk.sees_records else None,
        "whom": treating.get(owed.practitioner_id, ""),
        "amount": labels.money_label(owed.owed),
    }
