"""The directory's filters as they stand in its address."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.common.money import Money
from services.contracts.base import Format, PartOfDay
from services.contracts.profiles.directory import Profession, SearchDirectory
from services.gateway.web.labels import language_name, money_label

Context = dict[str, Any]
Options = list[dict[str, str]]
PEOPLE_PER_PAGE = 12
LANGUAGES = (
    *("ar", "cy", "de", "el", "en", "es", "fr", "ga", "he", "hi", "ig", "it", "ja", "ko", "ms"),
    *("nl", "pl", "pt", "ru", "sm", "ta", "tr", "tw", "uk", "vi", "yo", "zh"),
)
PRICE_STEPS = {
    "EUR": (6000, 8000, 10000, 12000),
    "GBP": (6000, 8000, 10000, 12000),
    "AUD": (12000, 16000, 20000, 24000),
}
"""Upper bounds in minor units, in the currencies that practices ask for."""

KINDS = {Profession.THERAPIST: "Therapist", Profession.COACH: "Coach"}
FORMATS = {Format.ONLINE: "Online", Format.IN_PERSON: "In person"}
PARTS = {
    PartOfDay.MORNING: "Morning",
    PartOfDay.AFTERNOON: "Afternoon",
    PartOfDay.EVENING: "Evening",
}
PRICES = {
    f"{currency}-{amount}": money_label(Money(amount, currency))
    for currency, steps in PRICE_STEPS.items()
    for amount in steps
}
NARROWING = {
    "kind": "Therapists and coaches",
    "format": "Online and in person",
    "language": "Any language",
    "price": "Any price",
    "part": "Any time of day",
    "week": "Not only this week",
}
"""The filters of the form, each with the words for letting go of it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What to narrow the directory by; "" for nothing. Only known values get in."""

    topic: str = ""
    approach: str = ""
    kind: str = ""
    format: str = ""
    language: str = ""
    price: str = ""
    part: str = ""
    week: str = ""

    def query(self, **other: str) -> dict[str, str]:
        """The filters that are set, as an address says them, and what else it says."""
        return {name: value for name, value in (asdict(self) | other).items() if value}

    def chosen(self) -> dict[str, str]:
        """What the form shows as chosen."""
        return {name: value for name, value in asdict(self).items() if name in NARROWING}

    def without(self, name: str) -> "Filters":
        """The same with one filter let go."""
        return replace(self, **{name: ""})

    def cleared(self) -> "Filters":
        """The same topic or approach, all of the form let go."""
        return Filters(topic=self.topic, approach=self.approach)


def names_subject(query: Mapping[str, str]) -> bool:
    """Whether an address names a topic or an approach, of which profiles knows which there are."""
    return any(query.get(name, "").strip() for name in ("topic", "approach"))


def parse(
    query: Mapping[str, str], topics: Collection[str] = (), approaches: Collection[str] = ()
) -> tuple[Filters, list[str]]:
    """The filters of an address, and the names of those whose value nobody knows."""
    known: dict[str, Collection[str]] = {
        "topic": topics,
        "approach": approaches,
        "kind": KINDS,
        "format": FORMATS,
        "language": LANGUAGES,
        "price": PRICES,
        "part": PARTS,
        "week": ("this",),
    }
    told = {one.name: query.get(one.name, "").strip() for one in fields(Filters)}
    unknown = [name for name, value in told.items() if value and value not in known[name]]
    return Filters(**{name: "" if name in unknown else told[name] for name in told}), unknown


def search_of(filters: Filters, zone: ZoneInfo, now: datetime, cursor: str = "") -> SearchDirectory:
    """The search that the filters mean; "this week" ends with Sunday of `zone`."""
    currency, _, amount = filters.price.partition("-")
    return SearchDirectory(
        topic=filters.topic or None,
        approach=filters.approach or None,
        profession=Profession(filters.kind) if filters.kind else None,
        format=Format(filters.format) if filters.format else None,
        language=filters.language or None,
        currency=currency or None,
        max_price=int(amount) if amount else None,
        part_of_day=PartOfDay(filters.part) if filters.part else None,
        before=end_of_week(zone, now) if filters.week else None,
        cursor=cursor or None,
        limit=PEOPLE_PER_PAGE,
    )


def end_of_week(zone: ZoneInfo, now: datetime) -> datetime:
    """The next Monday 00:00 of the zone (ISO 8601 weeks)."""
    today = now.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    return datetime.combine(monday, time(), zone)


def options() -> dict[str, Options]:
    """The choices of the form; the first of each lets everything through."""
    languages = {code: language_name(code) for code in LANGUAGES}
    by_name = dict(sorted(languages.items(), key=lambda item: item[1]))
    return {
        "kinds": _options("Anyone", KINDS),
        "formats": _options("Anywhere", FORMATS),
        "languages": _options("Any language", by_name),
        "prices": _options("Any price", PRICES),
        "parts": _options("Any time", PARTS),
    }


def _options(whatever: str, known: Mapping[Any, str]) -> Options:
    choices = [{"value": str(value), "label": label} for value, label in known.items()]
    return [{"value": "", "label": whatever}, *choices]
