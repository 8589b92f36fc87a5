"""What is chosen before a session can be booked for a client: each a page of links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Response
from pydantic import TypeAdapter, ValidationError

from services.common.clock import utc_now
from services.contracts.base import Format
from services.contracts.booking.caseload import CaseloadView, ListCaseload
from services.contracts.booking.offerings import OfferingView
from services.contracts.booking.on_behalf import ListPracticeSlots, PracticeSlotsView
from services.contracts.profiles.records import (
    ClientLinesPage,
    ClientRecordView,
    Colleague,
    GetClientRecord,
    SearchClients,
)
from services.gateway.forms.booking import Start
from services.gateway.forms.on_behalf import NEW
from services.gateway.web import labels, sessions, slot_calendar
from services.gateway.web import people as persons
from services.gateway.web.page import page
from services.gateway.web.receiving import Desk
from services.gateway.web.slot_calendar import AskedDays, Free, Makers
from services.gateway.web.zones import ShownZone, shown_zone, zone_context

Context = dict[str, Any]
PATH = "/clients/book"
START: TypeAdapter[datetime] = TypeAdapter(Start)
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen so far, as an address or a form says it; "" and None where it was not."""

    client: str = ""
    practitioner: UUID | None = None
    offering: UUID | None = None
    format: Format | None = None
    start: datetime | None = None

    @classmethod
    def of(cls, told: Mapping[str, str], own_id: UUID | None) -> "Choice":
        """What is no id, format or instant was not chosen. `own_id`: there is one calendar."""
        client = NEW if told.get("client") == NEW else str(_uuid(told.get("client", "")) or "")
        return cls(
            client=client,
            practitioner=own_id or _uuid(told.get("practitioner", "")),
            offering=_uuid(told.get("offering", "")),
            format=next((one for one in Format if one.value == told.get("format")), None),
            start=_instant(told.get("start", "")),
        )

    @property
    def client_id(self) -> UUID | None:
        return UUID(self.client) if self.client not in ("", NEW) else None

    def with_only(self, practitioners: Sequence[Colleague]) -> "Choice":
        """With the one who treats in the practice, where there is one alone."""
        if self.practitioner is None and len(practitioners) == 1:
            return replace(self, practitioner=practitioners[0].id)
        return self

    def url(self, desk: Desk, **changes: str) -> str:
        """The address of the choice with some of it changed; "" takes a part of it back."""
        told = {
            "client": self.client,
            "practitioner": str(self.practitioner or ""),
            "offering": str(self.offering or ""),
            "format": self.format.value if self.format else "",
            "start": labels.instant(self.start) if self.start else "",
        }
        return desk.url(PATH, **(told | changes))


@dataclass(frozen=True, slots=True)
class People:
    """Whom it is for (None: somebody new), and who treats in the practice."""

    client: ClientRecordView | None
    practitioners: Sequence[Colleague]

    def name_of(self, practitioner_id: UUID | None) -> str:
        """What a practitioner is called; "" for one who is not of the practice."""
        named = (one.name for one in self.practitioners if one.id == practitioner_id)
        return next(named, "")


async def people(desk: Desk, choice: Choice) -> People:
    """The client, if there is a record, and who treats; raises NotFound."""
    if choice.client_id is not None:
        asked = GetClientRecord(client_id=choice.client_id)
        record = await desk.backend.ask(desk.actor, asked, ClientRecordView)
        return People(record, record.practitioners)
    told = await desk.backend.ask(desk.actor, SearchClients(among=[]), ClientLinesPage)
    return People(None, told.practitioners)


async def who_page(desk: Desk, choice: Choice, text: str) -> Response:
    """Whom it is for: somebody new, or one of the clients."""
    among = None
    if not desk.sees_all:
        seen = await desk.backend.ask(desk.actor, ListCaseload(), CaseloadView)
        among = [one.client_id for one in seen.clients]
    asked = SearchClients(text=text, among=among, limit=MOST_FOUND)
    found = await desk.backend.ask(desk.actor, asked, ClientLinesPage)
    context = {
        "heading": "Who is it for?",
        "chosen": _where(desk),
        "search": {"action": PATH, "text": text, "keep": _query(choice.url(desk))},
        "first": {"label": "Somebody new", "url": choice.url(desk, client=NEW)},
        "choices": [
            {
                "label": one.name,
                "detail": one.email,
                "url": choice.url(desk, client=str(one.id)),
            }
            for one in found.clients
        ],
        "more": "There are more: type a part of the name." if found.next_cursor else "",
        "back_url": desk.url("/clients"),
    }
    return await page(desk.request, "book_for_who.html", context, active="clients")


async def whom_page(desk: Desk, choice: Choice, known: People) -> Response:
    """With whom it is, where several treat."""
    context = {
        "heading": "With whom?",
        "chosen": chosen(desk, choice, known, without=("with",)),
        "search": None,
        "first": None,
        "choices": [
            {"label": one.name, "detail": "", "url": choice.url(desk, practitioner=str(one.id))}
            for one in known.practitioners
        ],
        "more": "",
        "back_url": desk.url("/clients"),
    }
    return await page(desk.request, "book_for_who.html", context, active="clients")


async def times_page(desk: Desk, choice: Choice, known: People) -> Response:
    """When: the free times of one offering, also those that clients cannot book."""
    now, shown = utc_now(), shown_zone(desk.request, desk.visitor)
    query = desk.request.query_params
    wish = slot_calendar.parse_wish(query.get("day", ""), query.get("month", ""))
    today = now.astimezone(shown.info).date()
    told = await slots(desk, choice, *slot_calendar.range_to_ask(wish, today), shown)
    free = _free(told, shown)
    if jump := slot_calendar.jump_to(wish, free, shown.info, today):
        wish = AskedDays(day=jump)
        told = await slots(desk, choice, *slot_calendar.range_to_ask(wish, today), shown)
        free = _free(told, shown)
    settled = replace(choice, offering=told.offering.id, format=told.format)
    make = _makers(desk, settled, told, shown, now)
    keep = _query(settled.url(desk))
    context = {
        "chosen": chosen(desk, settled, known),
        "offerings": offerings(desk, settled, told.offerings),
        "calendar": slot_calendar.calendar_context(wish, free, shown.info, now, make),
        "zone": zone_context(shown, PATH, keep, now),
    }
    return await page(desk.request, "book_for_times.html", context, active="clients")


async def slots(
    desk: Desk, choice: Choice, from_on: date, until_on: date, shown: ShownZone
) -> PracticeSlotsView:
    """What booking tells of those days; raises NotFound for a calendar that is not theirs."""
    asked = ListPracticeSlots(
        practitioner_id=choice.practitioner,
        offering_id=choice.offering,
        client_id=choice.client_id,
        from_on=from_on,
        until_on=until_on,
        time_zone=shown.id,
        format=choice.format,
    )
    return await desk.backend.ask(desk.actor, asked, PracticeSlotsView)


def chosen(desk: Desk, choice: Choice, known: People, without: Sequence[str] = ()) -> list[Context]:
    """What was chosen so far, each with the way to choose it anew."""
    whom = known.client.name if known.client else "Somebody new"
    lines = {
        "for": ("For", whom, choice.url(desk, client="", start="")),
        "with": (
            "With",
            known.name_of(choice.practitioner),
            choice.url(desk, practitioner="", offering="", format="", start=""),
        ),
    }
    is_fixed = {"with"} if len(known.practitioners) == 1 or not desk.sees_all else set()
    return _where(desk) + [
        {"label": label, "text": text, "url": "" if name in is_fixed else url}
        for name, (label, text, url) in lines.items()
        if name not in without
    ]


def _where(desk: Desk) -> list[Context]:
    """The practice into which it is booked, where somebody receives in several."""
    return [{"label": "In", "text": desk.here.practice_name, "url": ""}] if desk.others else []


def offerings(desk: Desk, choice: Choice, offered: Sequence[OfferingView]) -> list[Context]:
    """What can be booked, in which way; the start stays where one was chosen."""
    return [
        {
            "label": f"{sessions.offering_label(one.name, one.minutes)}, "
            f"{labels.format_words(format_)}",
            "url": choice.url(desk, offering=str(one.id), format=format_.value),
            "is_selected": (one.id, format_) == (choice.offering, choice.format),
        }
        for one in offered
        for format_ in one.formats
    ]


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(url.partition("?")[2]))


def _free(told: PracticeSlotsView, shown: ShownZone) -> Free:
    there = ZoneInfo(told.offering.time_zone)
    last_on = slot_calendar.last_date(told.last_bookable_on, there, shown.info)
    return Free(told.starts, told.next_free_at, last_on)


def _makers(
    desk: Desk, choice: Choice, told: PracticeSlotsView, shown: ShownZone, now: datetime
) -> Makers:
    there, zone = ZoneInfo(told.offering.time_zone), {"zone": shown.in_links}

    def slot(at: datetime) -> Context:
        url = choice.url(desk, start=labels.instant(at), **zone)
        return persons.slot(at, shown, there, now, url)

    return Makers(
        day_url=lambda day: choice.url(desk, day=day.isoformat(), **zone),
        month_url=lambda month: choice.url(desk, month=f"{month:%Y-%m}", **zone),
        slot=slot,
    )


def _instant(text: str) -> datetime | None:
    """A start that a slot search can look around."""
    try:
        return START.validate_python(text)
    except ValidationError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
