"""The directory: what do you need help with, and who has time."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.contracts.base import BadCursor
from services.contracts.profiles.catalogue import (
    ApproachesView,
    ListApproaches,
    ListTopics,
    Reference,
    TopicsView,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.web import filters as narrowing
from services.gateway.web import links
from services.gateway.web.cards import Found, find_people
from services.gateway.web.filters import NARROWING, Filters
from services.gateway.web.page import page, redirect
from services.gateway.web.paging import Trail
from services.gateway.web.remembered import Remembered
from services.gateway.web.zones import ShownZone, is_known, shown_zone, zone_context

router = APIRouter()
Context = dict[str, Any]
INTRO = "Choose what sounds nearest. The hours you see can be booked now."
FIELD_NAMES = {
    "topic": "topic",
    "approach": "approach",
    "kind": "“Who”",
    "format": "“Where”",
    "language": "language",
    "price": "price",
    "part": "part of day",
    "week": "week",
    "zone": "time zone",
}


@router.get("/")
@router.get("/directory")
async def directory(request: Request, backend: Asked, visitor: WebVisitor) -> Response:
    """People who have time, soonest first, narrowed by what the address says."""
    now = utc_now()
    query, shown = request.query_params, shown_zone(request, visitor)
    trail = Trail.parse(query.get("page", ""))

    def people(filters: Filters) -> Awaitable[Found]:
        search = narrowing.search_of(filters, shown.info, now, trail.here)
        return find_people(backend, visitor.actor(), search, shown, now)

    references, (filters, unknown) = known_references(request, backend), narrowing.parse(query)
    try:
        if narrowing.names_subject(query):
            topics, approaches = await references
            filters, unknown = narrowing.parse(query, topics, approaches)
            found = await people(filters)
        else:
            (topics, approaches), found = await asyncio.gather(references, people(filters))
    except BadCursor:
        return redirect(
            request,
            _url(filters, shown),
            notice="The list has changed in the meantime, so here is its beginning.",
            kind="info",
        )
    if found.next_cursor and not found.people:
        return redirect(request, _url(filters, shown, page=trail.onward(found.next_cursor)))
    context = _context(filters, topics, approaches, shown, now) | _result(
        filters, found, trail, shown
    )
    notices = unknown_notice([*unknown, *_unknown_zone(request)])
    return await page(request, "directory.html", context, active="directory", notices=notices)


async def known_references(
    request: Request, backend: Backend
) -> tuple[dict[str, Reference], dict[str, Reference]]:
    """Topics and approaches by slug."""
    catalogue: Remembered = request.app.state.catalogue
    topics, approaches = await asyncio.gather(
        catalogue.ask(backend, ListTopics(), TopicsView),
        catalogue.ask(backend, ListApproaches(), ApproachesView),
    )
    by_slug = {one.slug: one for one in topics.topics}
    return by_slug, {one.slug: one for one in approaches.approaches}


def unknown_notice(names: list[str]) -> list[Context]:
    """What was passed over in the address, by the name that the form uses."""
    if not names:
        return []
    told = " and the ".join(FIELD_NAMES[name] for name in names)
    text = f"We do not know the {told} in this address, so we left that out."
    return [{"kind": "warn", "text": text}]


def _unknown_zone(request: Request) -> list[str]:
    chosen = request.query_params.get("zone", "")
    return ["zone"] if chosen and not is_known(chosen) else []


def _url(filters: Filters, shown: ShownZone, **other: str) -> str:
    return links.directory_url(**filters.query(zone=shown.in_links, **other))


def _context(
    filters: Filters,
    topics: dict[str, Reference],
    approaches: dict[str, Reference],
    shown: ShownZone,
    now: datetime,
) -> Context:
    selected = _selected(filters, topics, approaches, shown)
    return {
        "title": f"Help with {selected['inline']}" if selected else "Find help",
        "intro": INTRO,
        "topics": [_chip(one, filters, shown) for one in topics.values()],
        "selected_topic": selected,
        "form": _form(filters, shown),
        "zone": zone_context(shown, "/directory", filters.query(), now),
    }


def _chip(topic: Reference, filters: Filters, shown: ShownZone) -> Context:
    is_selected = topic.slug == filters.topic
    chosen = Filters(**filters.query() | {"topic": "" if is_selected else topic.slug})
    return {
        "slug": topic.slug,
        "label": topic.name,
        "url": _url(chosen, shown),
        "is_selected": is_selected,
    }


def _selected(
    filters: Filters,
    topics: dict[str, Reference],
    approaches: dict[str, Reference],
    shown: ShownZone,
) -> Context | None:
    """The chosen topic, else the chosen approach, with its page."""
    if filters.topic:
        label, read_url = topics[filters.topic].name, links.topic_url(filters.topic)
    elif filters.approach:
        label, read_url = approaches[filters.approach].name, links.approach_url(filters.approach)
    else:
        return None
    cleared = filters.without("topic").without("approach")
    return {
        "label": label,
        "inline": _inline(label),
        "url": read_url,
        "clear_url": _url(cleared, shown),
    }


def _form(filters: Filters, shown: ShownZone) -> Context:
    chosen = filters.chosen()
    hidden = {"topic": filters.topic, "approach": filters.approach, "zone": shown.in_links}
    return narrowing.options() | {
        "action": "/directory",
        "hidden": {name: value for name, value in hidden.items() if value},
        "chosen": chosen,
        "set_count": sum(1 for value in chosen.values() if value),
        "clear_url": _url(filters.cleared(), shown),
    }


def _result(filters: Filters, found: Found, trail: Trail, shown: ShownZone) -> Context:
    next_page = trail.onward(found.next_cursor) if found.next_cursor else ""
    return {
        "result": {"label": "People who have time", "detail": _told(filters, found, trail)},
        "people": found.people,
        "pages": {
            "label": trail.label,
            "prev_url": _url(filters, shown, page=trail.back) if trail.here else None,
            "next_url": _url(filters, shown, page=next_page) if next_page else None,
        },
        "loosen": _loosen(filters, shown),
    }


def _told(filters: Filters, found: Found, trail: Trail) -> str:
    """The order, how many there are where this page holds them all, and whose clock counts."""
    told = "Soonest time first"
    if not (found.next_cursor or trail.here):
        count = len(found.people)
        told = f"{count} {'person' if count == 1 else 'people'}, soonest time first"
    return (
        f"{told}. {filters.part.capitalize()} is meant where they work." if filters.part else told
    )


def _loosen(filters: Filters, shown: ShownZone) -> list[Context]:
    """One way for each filter that is set, and to everybody where none is."""
    set_ones = [name for name in NARROWING if getattr(filters, name)]
    ways = [
        {"label": NARROWING[name], "url": _url(filters.without(name), shown)} for name in set_ones
    ]
    for name, label in (("topic", "Every topic"), ("approach", "Every approach")):
        if getattr(filters, name):
            ways.append({"label": label, "url": _url(filters.without(name), shown)})
    return ways or [{"label": "Read about what people come with", "url": "/topics"}]


def _inline(name: str) -> str:
    """A name within a sentence: abbreviations such as EMDR stay as they are."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
