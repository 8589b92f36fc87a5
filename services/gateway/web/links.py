"""The addresses of the pages, built in one place; the names of their queries are fixed here."""

from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from services.contracts.base import Format
from services.gateway.web.labels import instant

Query = dict[str, str]


def with_query(path: str, query: Query) -> str:
    """The path with what is not empty of the query."""
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def practitioner_url(slug: str, zone: str = "") -> str:
    """A practitioner's page."""
    return with_query(f"/practitioners/{slug}", {"zone": zone})


def packages_url(slug: str) -> str:
    """The packages of a practitioner."""
    return f"/practitioners/{slug}/packages"


def times_url(
    slug: str,
    *,
    offering: UUID | str = "",
    format_: Format | None = None,
    month: str = "",
    day: str = "",
    zone: str = "",
) -> str:
    """A practitioner's slot picker; `month` is 2026-11, `day` 2026-11-24."""
    query = {
        "offering": str(offering),
        "format": format_.value if format_ else "",
        "month": month,
        "day": day,
        "zone": zone,
    }
    return with_query(f"/practitioners/{slug}/times", query)


def book_url(
    *,
    slug: str,
    practice_id: UUID,
    offering_id: UUID,
    starts_at: datetime,
    format_: Format | None = None,
    zone: str = "",
) -> str:
    """The checkout of one start. Without a format it is the offering's first.

    `zone` only where it was chosen in the address before: it travels along.
    """
    query = {
        "with": slug,
        "practice": str(practice_id),
        "offering": str(offering_id),
        "start": instant(starts_at),
        "format": format_.value if format_ else "",
        "zone": zone,
    }
    return with_query("/book", query)


def staff_booking_url(practice_id: UUID, booking_id: UUID) -> str:
    """A booking's page for the practice's staff; moving and cancelling it lie below."""
    return f"/practices/{practice_id}/bookings/{booking_id}"


def private_links_url(practice_id: UUID, booking_id: UUID) -> str:
    """Where a practice's staff end the private links of a booking."""
    return f"{staff_booking_url(practice_id, booking_id)}/links"


def calendar_url(practice_id: UUID, practitioner_id: UUID) -> str:
    """Where the hours of a calendar are edited."""
    return f"/practices/{practice_id}/calendars/{practitioner_id}/availability"


def week_url(
    *, practice_id: UUID | None = None, practitioner_id: UUID | None = None, week: str = ""
) -> str:
    """A calendar's week, `week` as 2026-W48; one's own, and the present one, without a query."""
    query = {
        "week": week,
        "practice": str(practice_id or ""),
        "practitioner": str(practitioner_id or ""),
    }
    return with_query("/calendar", query)


def day_url(practice_id: UUID, day: date) -> str:
    """A day of a practice, one's own there or that of all its calendars."""
    return with_query("/today", {"day": day.isoformat(), "practice": str(practice_id)})


def client_url(practice_id: UUID, client_id: UUID) -> str:
    """The record of a client of a practice."""
    return with_query(f"/clients/{client_id}", {"practice": str(practice_id)})


def topic_url(slug: str) -> str:
    """A topic's page."""
    return f"/topics/{slug}"


def approach_url(slug: str) -> str:
    """An approach's page."""
    return f"/approaches/{slug}"


def directory_url(**query: str) -> str:
    """The directory with its filters."""
    return with_query("/directory", query)
