"""A directory of many practitioners, made by the same rule as the product's, and its rivals."""

import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from services.common.clock import utc_now
from services.contracts.base import Format, PartOfDay
from services.contracts.booking.events import Opening, OpeningsChanged
from services.profiles.domain.listing import (
    ANY,
    Listed,
    Row,
    approach_marks,
    approach_subject,
    rows,
    topic_subject,
)

PRACTICE = UUID(int=1)
COMMON, MID, RARE = "interpersonal-relationships", "sleep", "trauma"
# How many of a hundred practitioners work with a topic.
TOPICS = {
    COMMON: 60, "anxiety": 45, "low-mood": 40, "self-esteem": 30, "life-changes": 25,
    "work-stress-and-burnout": 25, "couple-conflict": 20, MID: 15, "grief-and-loss": 12,
    "family-and-parenting": 10, "career-direction": 8, RARE: 2,
}  # fmt: skip
APPROACHES = {
    "cognitive-behavioural-therapy": 40, "interpersonal-therapy": 25, "relational-therapy": 20,
    "systemic-therapy": 20, "psychodynamic-therapy": 20, "emdr": 3,
}  # fmt: skip
LANGUAGES = {"en": 70, "de": 50, "fr": 15, "tr": 8, "pl": 8, "el": 2}


@dataclass(frozen=True, slots=True)
class Person:
    """A practitioner of the workload."""

    id: UUID
    topics: tuple[str, ...]
    approaches: tuple[str, ...]
    languages: tuple[str, ...]
    profession: str
    price: int

    @property
    def listed(self) -> Listed:
        """What the directory filters by."""
        topics = {topic_subject(slug) for slug in self.topics}
        subjects = {ANY} | topics | {approach_subject(slug) for slug in self.approaches}
        return Listed(
            practitioner_id=self.id,
            subjects=frozenset(subjects),
            languages=self.languages,
            approach_marks=approach_marks(self.approaches),
            profession=self.profession,
            price_amount=self.price,
            price_currency="EUR",
        )


def people(count: int, chance: random.Random) -> list[Person]:
    """`count` practitioners; the same chance makes the same people."""
    return [_person(UUID(int=number + 1_000), chance) for number in range(count)]


def _person(id_: UUID, chance: random.Random) -> Person:
    return Person(
        id=id_,
        topics=_some(TOPICS, chance),
        approaches=_some(APPROACHES, chance),
        languages=_some(LANGUAGES, chance),
        profession=chance.choice(["therapist", "therapist", "coach"]),
        price=chance.randrange(4_000, 18_000, 500),
    )


def _some(shares: dict[str, int], chance: random.Random) -> tuple[str, ...]:
    chosen = tuple(name for name, share in shares.items() if chance.random() * 100 < share)
    return chosen or (next(iter(shares)),)


def openings(chance: random.Random, now: datetime) -> list[Opening]:
    """One to three parts of day, the soonest start within three weeks on the 5-minute grid."""
    parts = chance.sample(list(PartOfDay), chance.randint(1, 3))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return [
        Opening(
            part_of_day=part,
            next_free_at=midnight + timedelta(minutes=5 * chance.randrange(21 * 288)),
            formats=chance.choice([[Format.ONLINE], [Format.ONLINE, Format.IN_PERSON]]),
        )
        for part in parts
    ]


def news(person: Person, chance: random.Random) -> OpeningsChanged:
    """What booking tells when somebody books with this person."""
    now = utc_now()
    return OpeningsChanged(
        occurred_at=now,
        practice_id=PRACTICE,
        practitioner_id=person.id,
        computed_at=now,
        openings=openings(chance, now),
    )


def fill(owner: Engine, everybody: list[Person], chance: random.Random) -> int:
    """Store all of it; how many rows the index has."""
    told = {person.id: openings(chance, utc_now()) for person in everybody}
    listed = [row for person in everybody for row in rows(person.listed, told[person.id])]
    with owner.begin() as connection:
        connection.execute(text(_PRACTICE), {"id": PRACTICE})
        cursor = connection.connection.cursor()
        _copy(cursor, _PUBLISHED, map(_published, everybody))
        _copy(
            cursor, _PRICES, ((str(p.id), str(p.id), "1", str(p.price), "EUR") for p in everybody)
        )
        _copy(cursor, _TOLD, (_told(id_, starts) for id_, starts in told.items()))
        _copy(cursor, _ROWS, map(_row, listed))
        for statement in _PLAIN:
            connection.execute(text(statement))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return len(listed)


_PRACTICE = """
    INSERT INTO profiles.practices
    VALUES (:id, 'Bench', 'desk@bench.example', 'Street 1', 'Berlin', 'Europe/Berlin', 'EUR')
"""
_PUBLISHED = (
    "profiles.published_practitioners (id, practice_id, slug, name, title, pronouns, profession,"
    " is_verified, credentials, portrait_url, about, languages, formats, address, city,"
    " time_zone, topics, approaches, verified_on, card)"
)
_PRICES = "profiles.asking_prices (practitioner_id, offering_id, version, amount, currency)"
_TOLD = "profiles.told_openings (practitioner_id, computed_at, openings)"
_ROWS = (
    "profiles.directory_openings (practitioner_id, subject, part_of_day, next_free_at,"
    " is_soonest, formats, profession, price_amount, price_currency, languages, approach_marks)"
)
# What a directory without availability does: an index on the topics, the rest filtered, by name.
_PLAIN = (
    """
    CREATE TABLE profiles.plain AS
    SELECT p.id, p.name, p.topics, p.languages, p.profession, a.amount, a.currency, o.parts
    FROM profiles.published_practitioners p
    JOIN profiles.asking_prices a ON a.practitioner_id = p.id
    JOIN (SELECT practitioner_id, array_agg(DISTINCT part_of_day::text) AS parts
          FROM profiles.directory_openings GROUP BY 1) o ON o.practitioner_id = p.id
    """,
    "CREATE INDEX ON profiles.plain USING gin (topics)",
    "ALTER TABLE profiles.plain ADD PRIMARY KEY (id)",
)


def _published(person: Person) -> tuple[str, ...]:
    number = person.id.int
    return (
        str(person.id), str(PRACTICE), f"person-{number}", f"Person {number * 7919 % 1_000_003}",
        "Dr.", "", person.profession, "t", _array(["Licence, Register, since 2012"]),
        f"/static/portraits/{number}.svg", _array(["About " * 80]), _array(person.languages),
        _array(["online", "in_person"]), "Street 1", "Berlin", "Europe/Berlin",
        _array(person.topics), _array(person.approaches), "2026-03-09", _card(person),
    )  # fmt: skip


def _card(person: Person) -> str:
    number = person.id.int
    card = {
        "practitioner_id": str(person.id),
        "practice_id": str(PRACTICE),
        "slug": f"person-{number}",
        "name": f"Person {number * 7919 % 1_000_003}",
        "title": "Dr.",
        "profession": person.profession,
        "is_verified": True,
        "portrait_url": f"/static/portraits/{number}.svg",
        "languages": person.languages,
        "formats": ["online", "in_person"],
        "topics": [{"slug": slug, "name": slug.replace("-", " ")} for slug in person.topics],
        "time_zone": "Europe/Berlin",
        "city": "Berlin",
    }
    return json.dumps(card)


def _price(person: Person) -> tuple[str, ...]:
    return str(person.id), str(person.id), "1", str(person.price), "EUR"


def _told(id_: UUID, starts: list[Opening]) -> tuple[str, ...]:
    told = json.dumps([start.model_dump(mode="json") for start in starts])
    return str(id_), utc_now().isoformat(), told


def _row(row: Row) -> tuple[str, ...]:
    return (
        str(row.practitioner_id), row.subject, row.part_of_day, row.next_free_at.isoformat(),
        str(row.is_soonest), str(row.formats), row.profession, str(row.price_amount),
        row.price_currency, _array(row.languages), str(row.approach_marks),
    )  # fmt: skip


def _array(values: Any) -> str:
    return "{" + ",".join(f'"{value}"' for value in values) + "}"


def _copy(cursor: Any, table: str, lines: Iterator[tuple[str, ...]]) -> None:
    data = io.StringIO("".join("\t".join(line) + "\n" for line in lines))
    cursor.copy_expert(f"COPY {table} FROM STDIN", data)
