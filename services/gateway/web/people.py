"""Practitioners and their slots as the pages show them."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.profiles.catalogue import Reference
from services.contracts.profiles.directory import (
    PractitionerCard,
    PractitionerName,
    PractitionerView,
    Profession,
)
from services.gateway.web import labels, links
from services.gateway.web.rendering import portrait
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
TONES = 6


def person(view: PractitionerCard | PractitionerName | PractitionerView, zone: str = "") -> Context:
    """A person; `zone` is what links carry on (`ShownZone.in_links`)."""
    is_coach = view.profession is Profession.COACH
    practitioner_id = view.id if isinstance(view, PractitionerName) else view.practitioner_id
    return {
        "name": view.name,
        "title": view.title,
        "url": links.practitioner_url(view.slug, zone),
        "photo_url": portrait(view.portrait_url) or None,
        "initials": initials(view.name),
        "tone": tone(practitioner_id),
        "is_verified": view.is_verified,
        "verified_label": "Training checked" if is_coach else "Registration checked",
    }


def listed_person(
    view: PractitionerCard | PractitionerView,
    *,
    price: Money | None,
    slots: list[Context],
    times_url: str,
    zone: str = "",
) -> Context:
    """A person with what helps to choose them."""
    return person(view, zone) | {
        "headline": "",
        "concerns": linked(view.topics, links.topic_url),
        "price_label": f"From {labels.money_label(price)}" if price else "",
        "formats": [format_fact(one, view.city) for one in view.formats],
        "languages_label": labels.languages_label(view.languages),
        "times_url": times_url,
        "slots": slots,
    }


def slot(
    starts_at: datetime, shown: ShownZone, there: ZoneInfo, now: datetime, url: str
) -> Context:
    """A start in the zone of the page, with the practitioner's clock where it differs."""
    return {
        "label": labels.moment_label(starts_at, shown.info, now),
        "day_label": labels.day_label(starts_at, shown.info, now),
        "time_label": labels.time_label(starts_at, shown.info),
        "starts_at": labels.instant(starts_at),
        "zone_label": shown.name,
        "there_label": labels.there_label(starts_at, there, shown.info),
        "url": url,
    }


def linked(references: list[Reference], url: Any) -> list[Context]:
    """References of the catalogue with their addresses."""
    return [{"label": one.name, "url": url(one.slug)} for one in references]


def format_fact(format_: Format, city: str) -> Context:
    """How a session takes place, with the key of its icon."""
    return {"key": format_.value, "label": labels.format_label(format_, city)}


def initials(name: str) -> str:
    """First letters of the last two words of a name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in words[-2:])


def tone(practitioner_id: UUID) -> int:
    """A tint from 1 to 6 that a person keeps. The last bits of a UUIDv7 are random."""
    return practitioner_id.int % TONES + 1
