"""Book again: the next times of the people somebody has been with, one press from the checkout."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.booking.bookings import BookingView
from services.contracts.booking.offerings import NextSlots
from services.contracts.profiles.directory import PractitionerName
from services.gateway.web import links, sessions
from services.gateway.web.people import person, slot
from services.gateway.web.roster import Roster
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]


def people_again(
    last: Sequence[BookingView],
    told: Sequence[NextSlots],
    cards: Roster,
    shown: ShownZone,
    now: datetime,
) -> list[Context]:
    """Those who are published and have a time, in the order of `last`."""
    free = {one.practitioner_id: one for one in told if one.starts}
    return [
        _person(one, free[one.practitioner_id], cards[one.practitioner_id], shown, now)
        for one in last
        if one.practitioner_id in free and one.practitioner_id in cards
    ]


def _person(
    last: BookingView, free: NextSlots, card: PractitionerName, shown: ShownZone, now: datetime
) -> Context:
    is_same = free.offering_id == last.offering_id
    format_ = free.format or (last.format if is_same else None)
    there = ZoneInfo(card.time_zone)

    def book_url(at: datetime) -> str:
        return links.book_url(
            slug=card.slug,
            practice_id=last.practice_id,
            offering_id=free.offering_id,
            starts_at=at,
            format_=format_,
            zone=shown.in_links,
        )

    minutes = int((last.ends_at - last.starts_at).total_seconds() // 60)
    what = (
        sessions.offering_label(last.offering_name, minutes),
        sessions.where_label(last.format, card.city),
    )
    return person(card, shown.in_links) | {
        "what_label": " · ".join(what) if is_same else "",
        "slots": [slot(at, shown, there, now, book_url(at)) for at in free.starts],
        "times_url": links.times_url(
            card.slug, offering=free.offering_id, format_=format_, zone=shown.in_links
        ),
    }
