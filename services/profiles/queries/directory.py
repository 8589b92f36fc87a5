"""Reads of published practitioners and of what is known of them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.profiles.directory import PractitionerName, PractitionerView, Profession
from services.profiles.models import (
    AskingPrice,
    DirectoryOpening,
    Practice,
    PublishedPractitioner,
    ToldOpenings,
)
from services.profiles.queries.catalogue import approach_references, topic_references


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


def practitioner_names(tx: Session, practitioner_ids: list[UUID]) -> list[PractitionerName]:
    """Published practitioners by id, whether or not they have openings."""
    person = PublishedPractitioner
    wanted = select(
        person.id,
        person.slug,
        person.name,
        person.title,
        person.profession,
        person.portrait_url,
        person.is_verified,
        person.city,
        person.time_zone,
        person.address,
    ).where(person.id.in_(practitioner_ids))
    rows = tx.execute(wanted).mappings()
    return [PractitionerName.model_validate(dict(row)) for row in rows]


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
