"""Topics and approaches."""

from datetime import date

from services.common.messages import Command, View
from services.contracts.base import Slug


class ListTopics(Command):
    """All topics in their order."""


class GetTopic(Command):
    """One topic with its text."""

    slug: Slug


class ListApproaches(Command):
    """All approaches in their order."""


class GetApproach(Command):
    """One approach with its text."""

    slug: Slug


class Reference(View):
    """A link target within the catalogue."""

    slug: str
    name: str
    summary: str = ""


class TopicView(View):
    """What clients need help with. Texts are lists of paragraphs."""

    slug: str
    name: str
    summary: str
    what_it_is: list[str]
    who_meets_it: list[str]
    signs: list[str]
    how_therapy_helps: list[str]
    seek_help_at_once: list[str]
    sources: list[str]
    last_reviewed_on: date
    approaches: list[Reference]
    practitioners_count: int = 0


class ApproachView(View):
    """A way of working. Texts are lists of paragraphs."""

    slug: str
    name: str
    summary: str
    what_it_is: list[str]
    how_a_session_looks: list[str]
    who_it_suits: list[str]
    typical_length: str
    evidence: list[str]
    sources: list[str]
    last_reviewed_on: date
    topics: list[Reference]
    practitioners_count: int = 0


class TopicsView(View):
    """All topics, short."""

    topics: list[Reference]


class ApproachesView(View):
    """All approaches, short."""

    approaches: list[Reference]
