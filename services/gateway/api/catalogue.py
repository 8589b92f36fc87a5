"""Topics and approaches."""

from fastapi import APIRouter

from services.contracts.base import Slug
from services.contracts.profiles.catalogue import (
    ApproachesView,
    ApproachView,
    GetApproach,
    GetTopic,
    ListApproaches,
    ListTopics,
    TopicsView,
    TopicView,
)
from services.gateway.api.problems import FOR_ANYBODY, responses
from services.gateway.asking import ApiVisitor, Asked

router = APIRouter(tags=["catalogue"], prefix="/api/v1")


@router.get("/topics", responses=responses(401), openapi_extra=FOR_ANYBODY)
async def list_topics(backend: Asked, visitor: ApiVisitor) -> TopicsView:
    """What people need help with."""
    return await backend.ask(visitor.actor(), ListTopics(), TopicsView)


@router.get("/topics/{slug}", responses=responses(401, 404), openapi_extra=FOR_ANYBODY)
async def get_topic(slug: Slug, backend: Asked, visitor: ApiVisitor) -> TopicView:
    """One topic with its text."""
    return await backend.ask(visitor.actor(), GetTopic(slug=slug), TopicView)


@router.get("/approaches", responses=responses(401), openapi_extra=FOR_ANYBODY)
async def list_approaches(backend: Asked, visitor: ApiVisitor) -> ApproachesView:
    """Ways of working."""
    return await backend.ask(visitor.actor(), ListApproaches(), ApproachesView)


@router.get("/approaches/{slug}", responses=responses(401, 404), openapi_extra=FOR_ANYBODY)
async def get_approach(slug: Slug, backend: Asked, visitor: ApiVisitor) -> ApproachView:
    """One approach with its text."""
    return await backend.ask(visitor.actor(), GetApproach(slug=slug), ApproachView)
