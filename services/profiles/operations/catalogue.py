"""Keeping the tables of topics and approaches what the catalogue's files say."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from services.profiles import models
from services.profiles.catalogue import Approach, Catalogue, Source, Topic
from services.profiles.domain.texts import citation, paragraphs
from services.profiles.operations.storing import store

_RENAME = text(
    """
    UPDATE profiles.published_practitioners p
    SET card = (p.card::jsonb || jsonb_build_object('topics', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name)
                        ORDER BY array_position(p.topics, t.slug::text)), '[]')
        FROM profiles.topics t WHERE t.slug = ANY(p.topics))))::text
    WHERE p.topics && CAST(:slugs AS text[])
    """
)


def store_catalogue(tx: Session, catalogue: Catalogue) -> None:
    """Store every entry, change what differs, remove what is gone; safe to repeat."""
    tx.execute(select(func.pg_advisory_xact_lock(func.hashtext("profiles.catalogue"))))
    changed = [
        topic.slug
        for topic in catalogue.topics
        if store(tx, models.Topic, _topic(topic), keys=("slug",))
    ]
    for approach in catalogue.approaches:
        store(tx, models.Approach, _approach(approach), keys=("slug",))
    topics = [topic.slug for topic in catalogue.topics]
    approaches = [approach.slug for approach in catalogue.approaches]
    tx.execute(delete(models.Topic).where(models.Topic.slug.not_in(topics)))
    tx.execute(delete(models.Approach).where(models.Approach.slug.not_in(approaches)))
    _name_on_cards(tx, changed)


def _name_on_cards(tx: Session, slugs: list[str]) -> None:
    """Cards carry the names of topics, so that a search need not ask for them."""
    if slugs:
        tx.execute(_RENAME, {"slugs": slugs})


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
