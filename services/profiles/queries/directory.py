"""Reads of the directory: one short walk along its index, soonest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, any_, func, literal, select, tuple_
from sqlalchemy.orm import Session

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.profiles import (
    PractitionerCard,
    PractitionerView,
    Profession,
    Reference,
    SearchDirectory,
)
from services.profiles.domain.cursor import Position
from services.profiles.domain.listing import (
    ANY,
    approach_subject,
    format_bits,
    topic_subject,
)
from services.profiles.models import (
    AskingPrice,
    DirectoryOpening,
    Practice,
    PublishedPractitioner,
    ToldOpenings,
)
from services.profiles.queries.catalogue import (
    approach_references,
    topic_names,
    topic_references,
)

_SHOWN = (
    DirectoryOpening.practitioner_id,
    DirectoryOpening.next_free_at,
    DirectoryOpening.price_amount,
    DirectoryOpening.price_currency,
    PublishedPractitioner.practice_id,
    PublishedPractitioner.slug,
    PublishedPractitioner.name,
    PublishedPractitioner.title,
    PublishedPractitioner.profession,
    PublishedPractitioner.is_verified,
    PublishedPractitioner.portrait_url,
    PublishedPractitioner.languages,
    PublishedPractitioner.formats,
    PublishedPractitioner.topics,
    PublishedPractitioner.time_zone,
    PublishedPractitioner.city,
)


def found(
    tx: Session, search: SearchDirectory, after: Position | None, now: datetime
) -> list[PractitionerCard]:
    """Up to `limit` + 1 practitioners after a position, soonest first."""
    rows = tx.execute(statement(search, after, now)).all()
    names = topic_names(tx) if rows else {}
    return [_card(row, names) for row in rows]


def statement(
    search: SearchDirectory, after: Position | None, now: datetime
) -> Select[*tuple[Any, ...]]:
    """The search as SQL."""
    order = (DirectoryOpening.next_free_at, DirectoryOpening.practitioner_id)
    first: Select[*tuple[Any, ...]] = (
        select(*_SHOWN)
        .join(PublishedPractitioner, PublishedPractitioner.id == DirectoryOpening.practitioner_id)
        .where(
            DirectoryOpening.subject == _subject(search),
            DirectoryOpening.part_of_day == (search.part_of_day or ANY),
            DirectoryOpening.next_free_at > now,
            *_filters(search),
        )
        .order_by(*order)
        .limit(search.limit + 1)
    )
    if after is None:
        return first
    return first.where(
        tuple_(*order) > tuple_(literal(after.next_free_at), literal(after.practitioner_id))
    )


def _subject(search: SearchDirectory) -> str:
    if search.topic:
        return topic_subject(search.topic)
    return approach_subject(search.approach) if search.approach else ANY


def _filters(search: SearchDirectory) -> list[ColumnElement[bool]]:
    """Conditions on columns within the index, and on the published page for topic + approach."""
    opening = DirectoryOpening
    filters: list[ColumnElement[bool]] = []
    if search.format is None:
        filters.append(opening.is_soonest.is_(True))
    else:
        filters.append(opening.formats.bitwise_and(format_bits([search.format])) > 0)
    if search.profession:
        filters.append(opening.profession == search.profession)
    if search.language:
        filters.append(literal(search.language) == any_(opening.languages))
    if search.currency is not None:
        filters += [
            opening.price_currency == search.currency,
            opening.price_amount <= search.max_price,
        ]
    if search.before is not None:
        filters.append(opening.next_free_at < search.before)
    if search.topic and search.approach:
        filters.append(literal(search.approach) == any_(PublishedPractitioner.approaches))
    return filters


def _card(row: Row[Any], names: dict[str, Reference]) -> PractitionerCard:
    return PractitionerCard(
        practitioner_id=row.practitioner_id,
        practice_id=row.practice_id,
        slug=row.slug,
        name=row.name,
        title=row.title,
        profession=Profession(row.profession),
        is_verified=row.is_verified,
        portrait_url=row.portrait_url,
        languages=row.languages,
        formats=[Format(one) for one in row.formats],
        topics=[names[slug] for slug in row.topics if slug in names],
        price=Money(row.price_amount, row.price_currency),
        time_zone=row.time_zone,
        city=row.city,
        next_free_at=row.next_free_at,
    )


def practitioner_page(tx: Session, slug: str) -> PractitionerView | None:
    """A published practitioner's page."""
    page = select(PublishedPractitioner, Practice.name).join(
        Practice, Practice.id == PublishedPractitioner.practice_id
    )
    row = tx.execute(page.where(PublishedPractitioner.slug == slug)).first()
    if row is None:
        return None
    person, practice_name = row
    return PractitionerView(
        practitioner_id=person.id,
        practice_id=person.practice_id,
        practice_name=practice_name,
        slug=person.slug,
        name=person.name,
        title=person.title,
        pronouns=person.pronouns,
        profession=Profession(person.profession),
        is_verified=person.is_verified,
        credentials=person.credentials,
        verified_on=person.verified_on,
        portrait_url=person.portrait_url,
        about=person.about,
        languages=person.languages,
        formats=[Format(one) for one in person.formats],
        address=person.address,
        city=person.city,
        time_zone=person.time_zone,
        topics=topic_references(tx, person.topics),
        approaches=approach_references(tx, person.approaches),
    )


def lock_listing(tx: Session, practitioner_id: UUID) -> None:
    """Change one practitioner's rows one after the other, in whatever order events come."""
    key = func.hashtextextended(f"listing:{practitioner_id}", 0)
    tx.execute(select(func.pg_advisory_xact_lock(key)))


def published(tx: Session, practitioner_id: UUID) -> PublishedPractitioner | None:
    """A practitioner's public copy."""
    return tx.get(PublishedPractitioner, practitioner_id)


def told_openings(tx: Session, practitioner_id: UUID) -> ToldOpenings | None:
    """What booking last told."""
    return tx.get(ToldOpenings, practitioner_id)


def cheapest_price(tx: Session, practitioner_id: UUID) -> Money | None:
    """The lowest asking price in the practice's currency, if any was told."""
    prices = (
        select(AskingPrice.amount, AskingPrice.currency)
        .join(PublishedPractitioner, PublishedPractitioner.id == AskingPrice.practitioner_id)
        .join(Practice, Practice.id == PublishedPractitioner.practice_id)
        .where(
            AskingPrice.practitioner_id == practitioner_id,
            AskingPrice.currency == Practice.currency,
        )
        .order_by(AskingPrice.amount)
        .limit(1)
    )
    row = tx.execute(prices).first()
    return None if row is None else Money(row.amount, row.currency)


def listed_rows(tx: Session, practitioner_id: UUID) -> list[DirectoryOpening]:
    """A practitioner's rows as they are."""
    own = select(DirectoryOpening).where(DirectoryOpening.practitioner_id == practitioner_id)
    return list(tx.scalars(own))
