"""The form by which a session is booked for a client: who comes, when, and how it is paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.contracts.billing import GetPrices, PricesView
from services.contracts.booking.on_behalf import PaidBy, PracticeSlotsView
from services.gateway.forms.on_behalf import NEW
from services.gateway.web import labels, sessions
from services.gateway.web.ids import kept_form_id
from services.gateway.web.on_behalf_steps import PATH, Choice, People, chosen, offerings, slots
from services.gateway.web.page import page
from services.gateway.web.receiving import Desk
from services.gateway.web.zones import ShownZone, shown_zone

Context = dict[str, Any]
LOOK_BACK, LOOK_AHEAD = timedelta(days=3), timedelta(days=14)
NEAREST = 3
NOT_FREE = "This time is not free. Nothing was booked; choose another time below."
TYPED = ("name", "email", "phone", "paid_by")
PAID_BY = (
    (
        PaidBy.LINK,
        "By a link in a mail",
        "The time is held, for two days at most, and firm once the client has paid.",
    ),
    (
        PaidBy.ACCOUNT,
        "At the practice or by invoice",
        "The time is firm at once. You ask for the money yourselves.",
    ),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a sent form comes back with; `is_lost`: another time has to be chosen."""

    sent: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    warning: str = ""
    status: int = 200
    errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    nearest: Sequence[datetime] = ()
    is_lost: bool = False


async def form_page(desk: Desk, choice: Choice, known: People, typed: Typed) -> Response:
    """The form of one start; where that is gone, with the nearest ones to choose from."""
    assert choice.start is not None
    now, shown = utc_now(), shown_zone(desk.request, desk.visitor)
    day = choice.start.date()
    told = await slots(desk, choice, day - LOOK_BACK, day + LOOK_AHEAD, shown)
    settled = replace(choice, offering=told.offering.id, format=told.format)
    price = await _price_label(desk, told)
    is_free = choice.start in told.starts and not (typed.nearest or typed.is_lost)
    context = {
        "chosen": chosen(desk, settled, known),
        "offerings": offerings(desk, settled, told.offerings),
        "slot": _slot(settled, told, shown, now),
        "times_url": settled.url(desk, start=""),
        "price_label": price,
        "is_new": choice.client == NEW,
        "whom": known.client.name if known.client else "the client",
        "warning": typed.warning or ("" if is_free else NOT_FREE),
        "others": [] if is_free else _others(choice.start, typed, told, shown, now),
        "is_free": is_free,
        "ways": [
            {"value": way.value, "label": label, "hint": hint} for way, label, hint in PAID_BY
        ],
        "action": desk.url(PATH),
        "form_id": kept_form_id(typed.sent.get("form_id", "")),
        "fields": _fields(settled, told),
        "values": {name: typed.sent.get(name, "") for name in TYPED},
        "errors": dict(typed.errors),
        "cancel_url": desk.url(f"/clients/{choice.client}")
        if choice.client_id
        else desk.url("/clients"),
    }
    status = typed.status if is_free or typed.status != 200 else 409
    return await page(
        desk.request, "book_for_client.html", context, status=status, active="clients"
    )


def _slot(choice: Choice, told: PracticeSlotsView, shown: ShownZone, now: datetime) -> Context:
    assert choice.start is not None
    length = timedelta(minutes=told.offering.minutes)
    there = ZoneInfo(told.offering.time_zone)
    return {
        "what_label": sessions.offering_label(told.offering.name, told.offering.minutes),
        "when_label": labels.when_label(choice.start, choice.start + length, shown.info, now),
        "starts_at": labels.instant(choice.start),
        "zone_label": shown.name,
        "there_label": labels.there_label(choice.start, there, shown.info),
        "where_label": labels.format_label(choice.format) if choice.format else "",
    }


def _others(
    start: datetime, typed: Typed, told: PracticeSlotsView, shown: ShownZone, now: datetime
) -> list[Context]:
    """Up to three free starts around the one that was lost, in their order."""
    free = typed.nearest or [at for at in told.starts if at != start]
    by_distance = sorted(free, key=lambda at: abs(at - start))
    return [
        {"value": labels.instant(at), "label": labels.moment_label(at, shown.info, now)}
        for at in sorted(by_distance[:NEAREST])
    ]


def _fields(choice: Choice, told: PracticeSlotsView) -> dict[str, str]:
    """The hidden fields that carry the choice along, all but the start."""
    return {
        "client": choice.client,
        "practitioner": str(told.offering.practitioner_id),
        "offering": str(told.offering.id),
        "format": choice.format.value if choice.format else "",
        "price_id": str(told.offering.price_id),
        "zone": told.offering.time_zone,
    }


async def _price_label(desk: Desk, told: PracticeSlotsView) -> str:
    asked = GetPrices(price_ids=[told.offering.price_id])
    found = (await desk.backend.ask(Actor(), asked, PricesView)).prices
    return labels.money_label(found[0].money) if found else ""
