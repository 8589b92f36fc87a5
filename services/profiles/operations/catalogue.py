"""Keeping the tables of topics and approaches what the catalogue's files say."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.profiles import models
from services.profiles.catalogue import Approach, Catalogue, Source, Topic
from services.profiles.domain.texts import citation, paragraphs
from services.profiles.operations.storing import store


def store_catalogue(tx: Session, catalogue: Catalogue) -> None:
    """Store every entry, change what differs, remove what is gone; safe to repeat."""
    tx.execute(select(func.pg_advisory_xact_lock(func.hashtext("profiles.catalogue"))))
    for topic in catalogue.topics:
        store(tx, models.Topic, _topic(topic), keys=("slug",))
    for approach in catalogue.approaches:
        store(tx, models.Approach, _approach(approach), keys=("slug",))
    topics = [topic.slug for topic in catalogue.topics]
    approaches = [approach.slug for approach in catalogue.approaches]
    tx.execute(delete(models.Topic).where(models.Topic.slug.not_in(topics)))
    tx.execute(delete(models.Approach).where(models.Approach.slug.not_in(approaches)))


def _heading(entry: Topic | Approach) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "position": entry.position,
        "name": entry.name,
        "summary": entry.summary,
        "last_reviewed_on": entry.last_reviewed_on,
    }


def _topic(topic: Topic) -> dict[str, Any]:
    texts = {
        "what_it_is": paragraphs(topic.what_it_is),
        "who_meets_it": paragraphs(topic.who_meets_it),
        "signs": list(topic.signs),
        "how_therapy_helps": paragraphs(topic.how_therapy_helps),
        "seek_help_at_once": paragraphs(topic.seek_help_at_once),
        "sources": _sources(topic.sources),
    }
    return _heading(topic) | {"texts": texts, "approaches": list(topic.approaches)}


def _approach(approach: Approach) -> dict[str, Any]:
    texts = {
        "what_it_is": paragraphs(approach.what_it_is),
        "how_a_session_looks": paragraphs(approach.how_a_session_looks),
        "who_it_suits": paragraphs(approach.who_it_suits),
        "typical_length": approach.typical_length,
        "evidence": paragraphs(approach.evidence),
        "sources": _sources(approach.sources),
    }
    return _heading(approach) | {"texts": texts}


def _sources(sources: Iterable[Source]) -> list[str]:
    return [citation(source.title, source.publisher, source.year) for source in sources]
