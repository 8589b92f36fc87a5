"""The people, slots and zone that the other samples share."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

Context = dict[str, Any]

BERLIN = ZoneInfo("Europe/Berlin")
CLIENT: Context = {
    "name": "Jonas",
    "role": "client",
    "home_url": "/home",
    "receives": False,
    "keeps_money": False,
}
PRACTITIONER: Context = {
    "name": "Miriam Adler",
    "role": "practitioner",
    "home_url": "/today",
    "receives": True,
    "keeps_money": False,
}
ADMIN: Context = {
    "name": "Ines Albrecht",
    "role": "admin",
    "home_url": "/today",
    "receives": True,
    "keeps_money": True,
}


def slot(day: int, hour: int, minute: int = 0, *, there_label: str | None = None) -> Context:
    """A slot in November 2026, Berlin time."""
    local = datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)
    starts_at = local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    today = local.date() == datetime(2026, 11, 23, tzinfo=BERLIN).date()
    day_label = "Today" if today else f"{local:%a} {local.day} {local:%b}"
    return {
        "label": f"{day_label}, {local:%H:%M}",
        "day_label": day_label,
        "time_label": f"{local:%H:%M}",
        "starts_at": starts_at,
        "zone_label": "Berlin time",
        "there_label": there_label,
        "url": f"/book?offering=individual&start={starts_at}",
    }


def zone(action: str, keep: dict[str, str], source: str = "chosen") -> Context:
    """A zone chooser that keeps what the address already says."""
    names = {"Europe/Berlin": "Berlin", "Europe/London": "London", "Australia/Sydney": "Sydney"}
    choices = [{"value": key, "label": label} for key, label in names.items()]
    return {
        "id": "Europe/Berlin",
        "name": "Berlin time",
        "source": source,
        "choices": choices,
        "action": action,
        "keep": keep,
    }


def linked(folder: str, *labels: str) -> list[Context]:
    """Labels with the addresses of their pages."""
    return [
        {"label": text, "url": f"/{folder}/{text.lower().replace(' ', '-')}"} for text in labels
    ]


ONLINE: Context = {"key": "online", "label": "Online"}
IN_BERLIN: Context = {"key": "in_person", "label": "Berlin-Neukölln"}
IN_LONDON: Context = {"key": "in_person", "label": "London N1"}


def _person(
    name: str,
    title: str,
    tone: int,
    price: str,
    languages: str,
    formats: list[Context],
    concerns: list[str],
    headline: str,
) -> Context:
    slug = name.lower().replace(" ", "-").replace("é", "e").replace("ö", "o")
    coach = "Coach" in title
    return {
        "name": name,
        "title": title,
        "url": f"/practitioners/{slug}",
        "times_url": f"/practitioners/{slug}/times",
        "photo_url": None,
        "initials": "".join(part[0] for part in name.split()[-2:]),
        "tone": tone,
        "is_verified": True,
        "verified_label": "Training checked" if coach else "Registration checked",
        "price_label": price,
        "languages_label": languages,
        "formats": formats,
        "headline": headline,
        "concerns": linked("topics", *concerns),
        "slots": [slot(23 + tone % 2, 14), slot(24, 9 + tone, 30), slot(26, 18)],
    }


MIRIAM = _person(
    "Miriam Adler",
    "Psychological psychotherapist",
    2,
    "€95",
    "English, German",
    [ONLINE, IN_BERLIN],
    ["Interpersonal relationships", "Grief", "Low mood"],
    "Most of what hurts happened between people. Much of what heals does, too.",
)
TOBIAS = _person(
    "Tobias Köhler",
    "Psychotherapist, relational therapy",
    3,
    "€110",
    "German, English",
    [ONLINE],
    ["Anxiety", "Interpersonal relationships", "Self-esteem"],
    "We look at what happens between the two of us, because it happens elsewhere as well.",
) | {"photo_url": "/static/portraits/jonas-wiechert.svg"}
AMARA = _person(
    "Amara Okafor",
    "Coach for work and life changes",
    4,
    "£70",
    "English, French",
    [ONLINE, IN_LONDON],
    ["Work and burnout", "Big decisions"],
    "Six conversations, one decision, and a way to stand by it.",
) | {"photo_url": "/static/portraits/oluchi-ezenwa.svg"}
ZOE = _person(
    "Zoé Papadopoulos-Whitfield",
    "Clinical psychologist",
    5,
    "A$210",
    "English, Greek",
    [ONLINE],
    ["Trauma", "Anxiety", "Sleep"],
    "Slowly is fine. Nothing has to be told before you are ready.",
)

SESSION: Context = {
    "practitioner": MIRIAM,
    "offering_label": "Individual session, 50 minutes",
    "when_label": "Tuesday 24 November 2026, 14:00–14:50",
    "starts_at": "2026-11-24T13:00:00Z",
    "zone_label": "Berlin time",
    "there_label": None,
    "where_label": "Online, by video",
    "where_detail": None,
    "price_label": "€95.00",
}
TERMS = [
    "You can cancel or move free of charge until 24 hours before the session.",
    "After that, half of the price is kept. If you do not come, the full price is kept.",
]
POLICY = [
    "You can cancel or move free of charge until Mon 23 Nov, 14:00 Berlin time.",
    "After that, half of the price is kept. If you do not come, the full price is kept.",
]
