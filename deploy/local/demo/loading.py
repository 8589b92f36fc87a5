"""Reads the demo's TOML files for a given day; faults name the file and the field."""

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import holidays
from pydantic import TypeAdapter, ValidationError

from deploy.local.demo.data import DemoData, DemoDataError
from deploy.local.demo.people import DemoClient, DemoLogin, DemoPractice, DemoPractitioner
from services.profiles.catalogue import Catalogue, load_catalogue

DEMO_FOLDER = Path(__file__).parent
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSURE_SPAN = timedelta(days=366)

Shape = TypeVar("Shape")


def load_demo(today: date, folder: Path = DEMO_FOLDER) -> DemoData:
    """All people and offers of the demo as they are on `today`; raises DemoDataError.

    The same `today` gives the same data, byte for byte.
    """
    raw_logins = read_toml(folder / "logins.toml")["logins"]
    emails = {login["person"]: login["email"] for login in raw_logins}
    practitioners = _practitioners(folder, emails, today)
    clients = _clients(folder / "clients.toml", emails)
    practices = _practices(folder / "practices.toml", emails, today)
    data = DemoData(
        today=today,
        practices=practices,
        practitioners=practitioners,
        clients=clients,
        logins=_logins(folder / "logins.toml", raw_logins, practices, practitioners, clients),
    )
    _check_references(data, load_catalogue(), folder)
    return data


def _practices(path: Path, emails: dict[str, str], today: date) -> tuple[DemoPractice, ...]:
    adapter = TypeAdapter(DemoPractice)
    return tuple(
        shaped(
            adapter,
            raw
            | {
                "members": [_with_login_email(member, emails) for member in raw["members"]],
                "closures": _closures(raw["country"], raw["region"], today),
            },
            path,
        )
        for raw in read_toml(path)["practices"]
    )


def _closures(country: str, region: str, today: date) -> list[dict[str, Any]]:
    first, last = today - CLOSURE_SPAN, today + CLOSURE_SPAN
    years = range(first.year, last.year + 1)
    language = "en_US" if country == "DE" else f"en_{country}"
    calendar = holidays.country_holidays(country, subdiv=region, years=years, language=language)
    return [
        {"on": day, "name": name} for day, name in sorted(calendar.items()) if first <= day <= last
    ]


def _practitioners(
    folder: Path, emails: dict[str, str], today: date
) -> tuple[DemoPractitioner, ...]:
    adapter = TypeAdapter(DemoPractitioner)
    tiers = {raw["slug"]: raw["tiers"] for raw in read_toml(folder / "policies.toml")["policies"]}
    return tuple(
        shaped(adapter, _practitioner(path, emails, tiers, today), path)
        for path in sorted((folder / "practitioners").glob("*.toml"))
    )


def _practitioner(
    path: Path, emails: dict[str, str], tiers: dict[str, Any], today: date
) -> dict[str, Any]:
    raw = read_toml(path)
    booking = raw.pop("booking")
    if booking["policy"] not in tiers:
        raise DemoDataError(path, "booking.policy", f"unknown policy {booking['policy']!r}")
    terms = booking | {"cancellation": tiers[booking["policy"]]}
    own = {"slug": path.stem, "email": f"{path.stem.replace('-', '.')}@{raw['practice']}.example"}
    return raw | {
        "slug": path.stem,
        "email": emails.get(path.stem, own["email"]),
        "offerings": [
            offering | terms | {"key": f"{path.stem}/{offering['slug']}"}
            for offering in raw["offerings"]
        ],
        "hours": _hours(path, raw["hours"]),
        "time_off": [_time_off(absence, today) for absence in raw.get("time_off", [])],
    }


def _hours(path: Path, by_weekday: dict[str, list[str]]) -> list[dict[str, Any]]:
    rows = []
    for day, windows in by_weekday.items():
        if day not in WEEKDAYS:
            raise DemoDataError(path, f"hours.{day}", "is not a weekday")
        for window in windows:
            starts, _, ends = window.partition("-")
            rows.append({"weekday": WEEKDAYS.index(day) + 1, "starts": starts, "ends": ends})
    return rows


def _time_off(absence: dict[str, Any], today: date) -> dict[str, Any]:
    starts_on = today + timedelta(days=absence["starts_in_days"])
    ends_on = starts_on + timedelta(days=absence["days"])
    return {"starts_on": starts_on, "ends_on": ends_on, "reason": absence["reason"]}


def _clients(path: Path, emails: dict[str, str]) -> tuple[DemoClient, ...]:
    adapter = TypeAdapter(DemoClient)
    return tuple(
        shaped(adapter, _with_login_email(raw, emails), path) for raw in read_toml(path)["clients"]
    )


def _with_login_email(raw: dict[str, Any], emails: dict[str, str]) -> dict[str, Any]:
    return raw | {"email": emails.get(raw["slug"], raw["email"])}


def _logins(
    path: Path,
    raw_logins: Iterable[dict[str, Any]],
    practices: Iterable[DemoPractice],
    practitioners: Iterable[DemoPractitioner],
    clients: Iterable[DemoClient],
) -> tuple[DemoLogin, ...]:
    names = {person.slug: person.name for person in practitioners}
    names |= {client.slug: client.name for client in clients}
    names |= {member.slug: member.name for practice in practices for member in practice.members}
    adapter = TypeAdapter(DemoLogin)
    return tuple(
        shaped(adapter, {"name": names.get(raw["person"])} | raw, path) for raw in raw_logins
    )


def _check_references(data: DemoData, catalogue: Catalogue, folder: Path) -> None:
    practices = {practice.slug for practice in data.practices}
    topics = {topic.slug for topic in catalogue.topics}
    approaches = {approach.slug for approach in catalogue.approaches}
    for person in data.practitioners:
        path = folder / "practitioners" / f"{person.slug}.toml"
        _check_known(path, "practice", [person.practice], practices)
        _check_known(path, "topics", person.topics, topics)
        _check_known(path, "approaches", person.approaches, approaches)
    colleagues = {(person.practice, person.slug) for person in data.practitioners}
    for client in data.clients:
        path = folder / "clients.toml"
        _check_known(path, f"{client.slug}.practice", [client.practice], practices)
        if client.regular_with and (client.practice, client.regular_with) not in colleagues:
            reason = f"{client.regular_with!r} does not work there"
            raise DemoDataError(path, f"{client.slug}.regular_with", reason)


def _check_known(path: Path, field: str, slugs: Iterable[str], known: set[str]) -> None:
    for slug in slugs:
        if slug not in known:
            raise DemoDataError(path, field, f"unknown slug {slug!r}")


def read_toml(path: Path) -> dict[str, Any]:
    """What a file of the demo says; raises DemoDataError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DemoDataError(path, "file", "is missing") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DemoDataError(path, "file", f"is not TOML in UTF-8: {error}") from error


def shaped(adapter: TypeAdapter[Shape], raw: dict[str, Any], path: Path) -> Shape:
    """A row of a file as what it stands for; raises DemoDataError with the field."""
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in (raw.get("slug", ""), *first["loc"]) if part != "")
        raise DemoDataError(path, field, first["msg"]) from error
