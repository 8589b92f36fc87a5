"""Topics and approaches with people who have time, crisis help, and pages for therapists."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse

from services.common.clock import utc_now
from services.common.errors import Busy
from services.contracts.profiles.catalogue import (
    ApproachesView,
    ApproachView,
    GetApproach,
    GetTopic,
    ListApproaches,
    ListTopics,
    Reference,
    TopicsView,
    TopicView,
)
from services.contracts.profiles.directory import SearchDirectory
from services.gateway.asking import Asked, Settings, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import articles, links
from services.gateway.web.cards import find_people
from services.gateway.web.page import page
from services.gateway.web.people import linked
from services.gateway.web.remembered import Remembered
from services.gateway.web.slugs import KnownSlug
from services.gateway.web.words import CRISIS_COUNTRIES
from services.gateway.web.zones import ShownZone, shown_zone, zone_context

router = APIRouter()
Context = dict[str, Any]
PEOPLE_BESIDE = 3
# Somebody may have lost their last slot a moment ago: a few more are asked for than shown.
PEOPLE_ASKED = PEOPLE_BESIDE + 2


def _catalogue(request: Request) -> Remembered:
    catalogue: Remembered = request.app.state.catalogue
    return catalogue


Catalogue = Annotated[Remembered, Depends(_catalogue)]


@router.get("/topics")
async def topics(request: Request, backend: Asked, catalogue: Catalogue) -> Response:
    """What people come with."""
    told = await catalogue.ask(backend, ListTopics(), TopicsView)
    context = {"topics": _index(told.topics, "/topics")}
    return await page(request, "topics.html", context, active="topics")


@router.get("/topics/{slug}")
async def topic(
    slug: KnownSlug, request: Request, backend: Asked, visitor: WebVisitor, catalogue: Catalogue
) -> Response:
    """One topic, and people who work with it."""
    told, beside = await asyncio.gather(
        catalogue.ask(backend, GetTopic(slug=slug), TopicView),
        _beside(request, backend, visitor, SearchDirectory(topic=slug)),
    )
    context = beside | {
        "topic": articles.of_topic(told),
        "related": {
            "heading": "Approaches that fit",
            "items": linked(told.approaches, links.approach_url),
        },
    }
    return await page(request, "topic.html", context, active="topics")


@router.get("/approaches")
async def approaches(request: Request, backend: Asked, catalogue: Catalogue) -> Response:
    """Ways of working."""
    told = await catalogue.ask(backend, ListApproaches(), ApproachesView)
    context = {"approaches": _index(told.approaches, "/approaches")}
    return await page(request, "approaches.html", context, active="approaches")


@router.get("/approaches/{slug}")
async def approach(
    slug: KnownSlug, request: Request, backend: Asked, visitor: WebVisitor, catalogue: Catalogue
) -> Response:
    """One approach, and people who work in this way."""
    told, beside = await asyncio.gather(
        catalogue.ask(backend, GetApproach(slug=slug), ApproachView),
        _beside(request, backend, visitor, SearchDirectory(approach=slug)),
    )
    context = beside | {
        "approach": articles.of_approach(told),
        "related": {
            "heading": "What it is often used for",
            "items": linked(told.topics, links.topic_url),
        },
    }
    return await page(request, "approach.html", context, active="approaches")


@router.get("/crisis-help")
async def crisis_help(request: Request) -> Response:
    """Numbers to call now; needs no other part of the house."""
    context = {"countries": CRISIS_COUNTRIES}
    return await page(request, "crisis_help.html", context, active="crisis")


@router.get("/join-as-a-therapist")
async def join_as_a_therapist(request: Request, settings: Settings) -> Response:
    """How joining works."""
    context = {"contact_email": settings.contact_email}
    return await page(request, "join_as_therapist.html", context, active="for-therapists")


@router.get("/therapist-benefits")
async def therapist_benefits(request: Request) -> Response:
    """What therapists get."""
    return await page(request, "therapist_benefits.html", {}, active="benefits")


@router.get("/terms")
async def terms(request: Request) -> Response:
    """What clients agree to, and what happens with what they tell."""
    return await page(request, "terms.html", {}, active="terms")


@router.get("/robots.txt")
async def robots(settings: Settings) -> Response:
    """Private pages say noindex themselves; here stands only what wastes a crawler's time."""
    lines = ("User-agent: *", "Disallow: /book", "Disallow: /api/", "Disallow: /*/times")
    text = "\n".join([*lines, f"Sitemap: {settings.origin}/sitemap.xml", ""])
    return PlainTextResponse(text, headers={"cache-control": "public, max-age=3600"})


@router.get("/sitemap.xml")
async def sitemap(backend: Asked, catalogue: Catalogue, settings: Settings) -> Response:
    """The public pages that stay (sitemaps.org protocol 0.9)."""
    known_topics, known_approaches = await asyncio.gather(
        catalogue.ask(backend, ListTopics(), TopicsView),
        catalogue.ask(backend, ListApproaches(), ApproachesView),
    )
    paths = ["/", "/topics", "/approaches", "/crisis-help", "/join-as-a-therapist"]
    paths += ["/therapist-benefits", "/terms"]
    paths += [links.topic_url(one.slug) for one in known_topics.topics]
    paths += [links.approach_url(one.slug) for one in known_approaches.approaches]
    urls = "".join(f"<url><loc>{settings.origin}{path}</loc></url>" for path in paths)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    )
    headers = {"cache-control": "public, max-age=3600"}
    return Response(body, media_type="application/xml", headers=headers)


def _index(references: list[Reference], folder: str) -> list[Context]:
    return [
        {"label": one.name, "url": f"{folder}/{one.slug}", "summary": one.summary}
        for one in references
    ]


async def _beside(
    request: Request, backend: Backend, visitor: Visitor, search: SearchDirectory
) -> Context:
    """A few people and the zone of their times; the text is worth reading without them."""
    now, shown = utc_now(), shown_zone(request, visitor)
    few = search.model_copy(update={"limit": PEOPLE_ASKED})
    return {
        "people": await _people(backend, visitor, few, shown, now),
        "zone": zone_context(shown, request.url.path, {}, now),
    }


async def _people(
    backend: Backend, visitor: Visitor, few: SearchDirectory, shown: ShownZone, now: datetime
) -> list[Context]:
    try:
        found = await find_people(backend, visitor.actor(), few, shown, now)
    except Busy:
        return []
    return found.people[:PEOPLE_BESIDE]
