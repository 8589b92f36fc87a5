"""People with their next free times, as the directory and the topics' pages show them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.common.auth import Actor
from services.contracts.base import Format
from services.contracts.booking.offerings import NextSlots, NextSlotsView
from services.contracts.profiles.directory import DirectoryPage, PractitionerCard, SearchDirectory
from services.gateway import flows
from services.gateway.backend import Backend
from services.gateway.web import links
from services.gateway.web.people import Context, listed_person, slot
from services.gateway.web.zones import ShownZone

SLOTS_PER_CARD = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A page of people who have a time that can be booked now."""

    people: list[Context]
    next_cursor: str | None


async def find_people(
    backend: Backend, actor: Actor, search: SearchDirectory, shown: ShownZone, now: datetime
) -> Found:
    """Search, then ask booking once for all of them; who has no time any more is left out."""
    page = await backend.ask(actor, search, DirectoryPage)
    if not page.practitioners:
        return Found([], page.next_cursor)
    told = await flows.next_times(
        backend, actor, search, page, count=SLOTS_PER_CARD, is_spread=True
    )
    return Found(cards(page.practitioners, told, search.format, shown, now), page.next_cursor)


def cards(
    listed: list[PractitionerCard],
    told: NextSlotsView,
    format_: Format | None,
    shown: ShownZone,
    now: datetime,
) -> list[Context]:
    """The listed people who have a slot, in their order."""
    next_of = {one.practitioner_id: one for one in told.practitioners if one.starts}
    return [
        _card(card, next_of[card.practitioner_id], format_, shown, now)
        for card in listed
        if card.practitioner_id in next_of
    ]


def _card(
    card: PractitionerCard, free: NextSlots, format_: Format | None, shown: ShownZone, now: datetime
) -> Context:
    there = ZoneInfo(card.time_zone)
    slots = [
        slot(at, shown, there, now, _book_url(card, free, at, free.format or format_, shown))
        for at in free.starts
    ]
    times_url = links.times_url(
        card.slug, offering=free.offering_id, format_=format_, zone=shown.in_links
    )
    return listed_person(
        card, price=card.price, slots=slots, times_url=times_url, zone=shown.in_links
    )


def _book_url(
    card: PractitionerCard,
    free: NextSlots,
    at: datetime,
    format_: Format | None,
    shown: ShownZone,
) -> str:
    return links.book_url(
        slug=card.slug,
        practice_id=card.practice_id,
        offering_id=free.offering_id,
        starts_at=at,
        format_=format_,
        zone=shown.in_links,
    )
