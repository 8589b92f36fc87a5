"""Topics and approaches as articles: headed sections of paragraphs and points."""

from typing import Any

from services.contracts.profiles.catalogue import ApproachView, TopicView
from services.gateway.web import links
from services.gateway.web.labels import full_date_label

Context = dict[str, Any]


def of_topic(topic: TopicView) -> Context:
    """The article on a topic."""
    return _article(topic) | {
        "directory_url": links.directory_url(topic=topic.slug),
        "sections": _sections(
            _paragraphs("What it is", topic.what_it_is),
            _paragraphs("Who meets it", topic.who_meets_it),
            _points("Signs that it may be worth a talk", topic.signs),
            _paragraphs("How therapy can help", topic.how_therapy_helps),
            _paragraphs("When to seek help at once", topic.seek_help_at_once),
            _points("Where this comes from", topic.sources),
        ),
    }


def of_approach(approach: ApproachView) -> Context:
    """The article on an approach."""
    length = [approach.typical_length] if approach.typical_length else []
    return _article(approach) | {
        "directory_url": links.directory_url(approach=approach.slug),
        "sections": _sections(
            _paragraphs("What it is", approach.what_it_is),
            _paragraphs("How a session looks", approach.how_a_session_looks),
            _paragraphs("Who it suits", approach.who_it_suits),
            _paragraphs("How long it takes", length),
            _paragraphs("What is known about it", approach.evidence),
            _points("Where this comes from", approach.sources),
        ),
    }


def _article(entry: TopicView | ApproachView) -> Context:
    return {
        "label": entry.name,
        "lead": entry.summary,
        "reviewed_on": entry.last_reviewed_on.isoformat(),
        "reviewed_label": full_date_label(entry.last_reviewed_on),
    }


def _sections(*sections: Context) -> list[Context]:
    return [one for one in sections if one["paragraphs"] or one["points"]]


def _paragraphs(heading: str, texts: list[str]) -> Context:
    return {"heading": heading, "paragraphs": texts, "points": []}


def _points(heading: str, texts: list[str]) -> Context:
    return {"heading": heading, "paragraphs": [], "points": texts}
