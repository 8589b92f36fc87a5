"""In which zone a page shows times, and the chooser for another one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from fastapi import Request

from services.contracts.base import known_zones
from services.gateway.visitors import Visitor
from services.gateway.web.labels import city_of, time_label, zone_name

Source = Literal["chosen", "cookie", "account", "practitioner"]
COOKIE = "attune_zone"
QUERY = "zone"
HOME = "Europe/Berlin"
"""The zone of pages that show several practitioners, while nothing tells the viewer's."""

OFTEN_CHOSEN = (
    *("Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver"),
    *("America/Chicago", "America/Mexico_City", "America/New_York", "America/Bogota"),
    *("America/Halifax", "America/Sao_Paulo", "America/Argentina/Buenos_Aires"),
    *("Atlantic/Reykjavik", "Europe/Dublin", "Europe/Lisbon", "Europe/London"),
    *("Europe/Amsterdam", "Europe/Berlin", "Europe/Madrid", "Europe/Paris", "Europe/Rome"),
    *("Europe/Vienna", "Europe/Warsaw", "Europe/Zurich", "Africa/Lagos", "Europe/Athens"),
    *("Europe/Helsinki", "Europe/Kyiv", "Africa/Johannesburg", "Europe/Istanbul"),
    *("Africa/Nairobi", "Asia/Dubai", "Asia/Kolkata", "Asia/Bangkok", "Asia/Singapore"),
    *("Asia/Shanghai", "Australia/Perth", "Asia/Tokyo", "Australia/Adelaide"),
    *("Australia/Brisbane", "Australia/Sydney", "Pacific/Auckland", "UTC"),
)


@dataclass(frozen=True, slots=True)
class ShownZone:
    """The zone of a page, and who said so. `in_links` is what links carry on: "" or the id."""

    info: ZoneInfo
    source: Source

    @property
    def id(self) -> str:
        return self.info.key

    @property
    def name(self) -> str:
        return zone_name(self.info)

    @property
    def in_links(self) -> str:
        return self.id if self.source == "chosen" else ""


def is_known(name: str) -> bool:
    """Whether `name`, which may come from anywhere, is an IANA zone."""
    return name in known_zones()


def shown_zone(request: Request, visitor: Visitor, fallback: str = HOME) -> ShownZone:
    """The first zone that is known of: address, cookie, account, practitioner (`fallback`)."""
    account = visitor.login.account.time_zone if visitor.login else ""
    return first_known(
        chosen=request.query_params.get(QUERY, ""),
        cookie=unquote(request.cookies.get(COOKIE, "")),
        account=account,
        practitioner=fallback,
    )


def first_known(*, chosen: str, cookie: str, account: str, practitioner: str) -> ShownZone:
    """The first of these that is a zone; unknown names are passed over, UTC is the last."""
    offered: tuple[tuple[Source, str], ...] = (
        ("chosen", chosen),
        ("cookie", cookie),
        ("account", account),
        ("practitioner", practitioner),
    )
    for source, name in offered:
        if is_known(name):
            return ShownZone(ZoneInfo(name), source)
    return ShownZone(ZoneInfo("UTC"), "practitioner")


def zone_context(
    shown: ShownZone, action: str, keep: dict[str, str], now: datetime
) -> dict[str, Any]:
    """The page's `zone`: its name, and the chooser, a GET form that keeps `keep`."""
    return {
        "id": shown.id,
        "name": shown.name,
        "source": shown.source,
        "choices": choices(now, shown.id),
        "action": action,
        "keep": {name: value for name, value in keep.items() if value},
    }


def choices(now: datetime, *also: str) -> list[dict[str, str]]:
    """Zones people often choose, from west to east with their present time; `also` are added."""
    ids = list(dict.fromkeys([*OFTEN_CHOSEN, *also]))
    ids.sort(key=lambda one: (now.astimezone(ZoneInfo(one)).utcoffset(), _place(one)))
    return [
        {"value": one, "label": f"{_place(one)} ({time_label(now, ZoneInfo(one))})"} for one in ids
    ]


def _place(zone_id: str) -> str:
    return city_of(zone_id) or zone_name(ZoneInfo(zone_id))
