"""The directory: searched by everybody, fed by what booking and billing tell."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from services.common.database import Database
from services.common.errors import InvalidInput
from services.contracts.billing import PricePublished
from services.contracts.booking.events import Opening, OpeningsChanged
from services.contracts.profiles.directory import SearchDirectory
from services.profiles.domain import cursor
from services.profiles.domain.listing import (
    ANY,
    Listed,
    Row,
    approach_marks,
    approach_subject,
    rows,
    topic_subject,
)
from services.profiles.domain.search import flaws as flaws_of
from services.profiles.models import (
    AskingPrice,
    DirectoryOpening,
    PublishedPractitioner,
    ToldOpenings,
)
from services.profiles.queries import directory, search

_OPENINGS = TypeAdapter(list[Opening])


def search_directory(
    database: Database, command: SearchDirectory, *, now: datetime
) -> dict[str, Any]:
    """Practitioners with a bookable time, soonest first: a `DirectoryPage` as JSON.

    Raises InvalidInput.
    """
    if flaws := flaws_of(command):
        raise InvalidInput("A price needs an amount and a currency.", flaws)
    after = cursor.decode(command.cursor, command) if command.cursor else None
    cards = search.cards(database, command, after, now)
    shown = cards[: command.limit]
    further = cursor.encode(_position(shown[-1]), command) if len(cards) > len(shown) else None
    return {"practitioners": shown, "next_cursor": further}


def _position(card: dict[str, Any]) -> cursor.Position:
    at = datetime.fromisoformat(card["next_free_at"])
    return cursor.Position(at, UUID(card["practitioner_id"]))


def note_openings(tx: Session, event: OpeningsChanged) -> None:
    """Take over a practitioner's soonest free times; what was computed earlier is old news."""
    directory.lock_listing(tx, event.practitioner_id)
    told = directory.told_openings(tx, event.practitioner_id)
    openings = _OPENINGS.dump_python(event.openings, mode="json")
    if told is None:
        told = ToldOpenings(practitioner_id=event.practitioner_id, openings=[])
        tx.add(told)
    elif event.computed_at <= told.computed_at:
        return
    is_news = told.openings != openings
    told.computed_at, told.openings = event.computed_at, openings
    tx.flush()
    if is_news:
        list_anew(tx, event.practitioner_id)


def note_price(tx: Session, event: PricePublished) -> None:
    """Take over an offering's price; an older version is old news."""
    directory.lock_listing(tx, event.practitioner_id)
    told = upsert(AskingPrice).values(
        practitioner_id=event.practitioner_id,
        offering_id=event.offering_id,
        version=event.price_version,
        amount=event.money.amount,
        currency=event.money.currency,
    )
    newer = told.on_conflict_do_update(
        index_elements=["practitioner_id", "offering_id"],
        set_={name: told.excluded[name] for name in ("version", "amount", "currency")},
        where=told.excluded.version > AskingPrice.version,
    )
    if tx.execute(newer.returning(AskingPrice.offering_id)).first():
        list_anew(tx, event.practitioner_id)


def list_anew(tx: Session, practitioner_id: UUID) -> None:
    """Make a practitioner's rows what is known now; rows that stay right are not touched."""
    wanted = _wanted_rows(tx, practitioner_id)
    present = {_as_row(row) for row in directory.listed_rows(tx, practitioner_id)}
    _take_off(tx, practitioner_id, present - wanted)
    if missing := wanted - present:
        values = [asdict(row) | {"languages": list(row.languages)} for row in missing]
        tx.execute(insert(DirectoryOpening), values)


def _take_off(tx: Session, practitioner_id: UUID, gone: set[Row]) -> None:
    if not gone:
        return
    key = (
        DirectoryOpening.subject,
        DirectoryOpening.part_of_day,
        DirectoryOpening.next_free_at,
    )
    keys = [(row.subject, row.part_of_day, row.next_free_at) for row in gone]
    own = DirectoryOpening.practitioner_id == practitioner_id
    tx.execute(delete(DirectoryOpening).where(own, tuple_(*key).in_(keys)))


def _wanted_rows(tx: Session, practitioner_id: UUID) -> set[Row]:
    """None for who is not published, has no price yet, or no time."""
    person = directory.published(tx, practitioner_id)
    told = directory.told_openings(tx, practitioner_id)
    price = directory.cheapest_price(tx, practitioner_id)
    if person is None or told is None or price is None:
        return set()
    listed = Listed(
        practitioner_id=practitioner_id,
        subjects=_subjects(person),
        languages=tuple(person.languages),
        approach_marks=approach_marks(person.approaches),
        profession=person.profession,
        price_amount=price.amount,
        price_currency=price.currency,
    )
    return rows(listed, _OPENINGS.validate_python(told.openings))


def _subjects(person: PublishedPractitioner) -> frozenset[str]:
    topics = {topic_subject(slug) for slug in person.topics}
    return frozenset({ANY} | topics | {approach_subject(slug) for slug in person.approaches})


def _as_row(stored: DirectoryOpening) -> Row:
    return Row(
        practitioner_id=stored.practitioner_id,
        subject=stored.subject,
        part_of_day=stored.part_of_day,
        next_free_at=stored.next_free_at,
        formats=stored.formats,
        is_soonest=stored.is_soonest,
        languages=tuple(stored.languages),
        approach_marks=stored.approach_marks,
        profession=stored.profession,
        price_amount=stored.price_amount,
        price_currency=stored.price_currency,
    )
