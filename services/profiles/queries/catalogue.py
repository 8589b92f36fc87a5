"""Reads of topics and approaches, with how many listed practitioners work with them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.contracts.profiles.catalogue import ApproachView, Reference, TopicView
from services.profiles.domain.listing import ANY, approach_subject, topic_subject
from services.profiles.models import Approach, DirectoryOpening, Topic


def topics(tx: Session) -> list[Reference]:
    """All topics in their order."""
    return [_short(row) for row in tx.scalars(select(Topic).order_by(Topic.position))]


def approaches(tx: Session) -> list[Reference]:
    """All approaches in their order."""
    return [_short(row) for row in tx.scalars(select(Approach).order_by(Approach.position))]


def topic(tx: Session, slug: str, now: datetime) -> TopicView | None:
    """One topic with its text and its approaches, the most fitting first."""
    found = tx.get(Topic, slug)
    if found is None:
        return None
    return TopicView(
        **_short(found).model_dump(),
        **found.texts,
        last_reviewed_on=found.last_reviewed_on,
        approaches=approach_references(tx, found.approaches),
        practitioners_count=listed_count(tx, topic_subject(slug), now),
    )


def approach(tx: Session, slug: str, now: datetime) -> ApproachView | None:
    """One approach with its text and the topics that name it."""
    found = tx.get(Approach, slug)
    if found is None:
        return None
    naming = select(Topic).where(Topic.approaches.contains([slug])).order_by(Topic.position)
    return ApproachView(
        **_short(found).model_dump(),
        **found.texts,
        last_reviewed_on=found.last_reviewed_on,
        topics=[_short(row) for row in tx.scalars(naming)],
        practitioners_count=listed_count(tx, approach_subject(slug), now),
    )


def topic_references(tx: Session, slugs: list[str]) -> list[Reference]:
    """The topics behind slugs, in the order given; unknown ones are left out."""
    return _in_order(tx.scalars(select(Topic).where(Topic.slug.in_(slugs))), slugs)


def approach_references(tx: Session, slugs: list[str]) -> list[Reference]:
    """The approaches behind slugs, in the order given; unknown ones are left out."""
    return _in_order(tx.scalars(select(Approach).where(Approach.slug.in_(slugs))), slugs)


def known_topics(tx: Session) -> set[str]:
    """The slugs of all topics."""
    return set(tx.scalars(select(Topic.slug)))


def known_approaches(tx: Session) -> set[str]:
    """The slugs of all approaches."""
    return set(tx.scalars(select(Approach.slug)))


def listed_count(tx: Session, subject: str, now: datetime) -> int:
    """How many practitioners with a bookable time a subject has."""
    counted = select(func.count()).where(
        DirectoryOpening.subject == subject,
        DirectoryOpening.part_of_day == ANY,
        DirectoryOpening.next_free_at > now,
        DirectoryOpening.is_soonest,
    )
    return tx.scalar(counted) or 0


def _short(entry: Topic | Approach) -> Reference:
    return Reference(slug=entry.slug, name=entry.name, summary=entry.summary)


def _in_order(entries: Iterable[Topic | Approach], slugs: list[str]) -> list[Reference]:
    found = {entry.slug: entry for entry in entries}
    return [_short(found[slug]) for slug in slugs if slug in found]
