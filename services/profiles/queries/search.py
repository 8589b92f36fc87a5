"""The search: one short walk along the directory's index, soonest first.

Statements are made once for each set of filters that is asked for; plain columns and no entities,
because this is the read that everybody makes.
"""

from datetime import datetime
from functools import cache
from typing import Any

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    any_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from services.common.database import Database
from services.contracts.profiles.directory import SearchDirectory
from services.profiles.domain.cursor import Position
from services.profiles.domain.listing import (
    ANY,
    approach_marks,
    approach_subject,
    format_bits,
    topic_subject,
)
from services.profiles.models import DirectoryOpening, PublishedPractitioner

_OPENING = DirectoryOpening.__table__.c
_PERSON = PublishedPractitioner.__table__.c
_ORDER = (_OPENING.next_free_at, _OPENING.practitioner_id)
_IS_SHOWN = _PERSON.id == _OPENING.practitioner_id
# One ready value a row: joining the table's columns in took twice as long, mostly to plan.
_CARD = select(_PERSON.card).where(_IS_SHOWN).scalar_subquery()
_SHOWN = (
    func.timezone(literal_column("'UTC'"), _OPENING.next_free_at).label("next_free_at"),
    _OPENING.price_amount,
    _OPENING.price_currency,
    _CARD.label("card"),
)
# Each filter by the parameter that it needs; all but the last are on columns within the index.
_FILTERS: dict[str, ColumnElement[bool]] = {
    "profession": _OPENING.profession == bindparam("profession"),
    "language": bindparam("language") == any_(_OPENING.languages),
    "currency": _OPENING.price_currency == bindparam("currency"),
    "max_price": _OPENING.price_amount <= bindparam("max_price"),
    "before": _OPENING.next_free_at < bindparam("before"),
    "format_bit": _OPENING.formats.bitwise_and(bindparam("format_bit")) > 0,
    "mark": _OPENING.approach_marks.bitwise_and(bindparam("mark")) > 0,
    "after_at": tuple_(*_ORDER)
    > tuple_(bindparam("after_at"), bindparam("after_id", type_=PG_UUID())),
    "approach": exists().where(_IS_SHOWN, bindparam("approach") == any_(_PERSON.approaches)),
}


def cards(
    database: Database, search: SearchDirectory, after: Position | None, now: datetime
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 practitioners after a position, soonest first.

    Each is a `PractitionerCard` as JSON: made ready when it was published, not checked again.
    """
    given = parameters(search, after, now)
    return [_card(row) for row in database.rows(statement(frozenset(given)), **given)]


def parameters(search: SearchDirectory, after: Position | None, now: datetime) -> dict[str, Any]:
    """What the statement is given; a filter that is not asked for has no parameter."""
    told = {
        "subject": _subject(search),
        "part_of_day": search.part_of_day or ANY,
        "now": now,
        "rows": search.limit + 1,
        "profession": search.profession,
        "language": search.language,
        "currency": search.currency,
        "max_price": search.max_price,
        "before": search.before,
        "format_bit": search.format and format_bits([search.format]),
        "after_at": after and after.next_free_at,
        "after_id": after and after.practitioner_id,
    }
    if search.topic and search.approach:
        told |= {"approach": search.approach, "mark": approach_marks([search.approach])}
    return {name: value for name, value in told.items() if value is not None}


@cache
def statement(given: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """The search with the filters whose parameters are given."""
    filters = [condition for name, condition in _FILTERS.items() if name in given]
    if "format_bit" not in given:
        filters.append(_OPENING.is_soonest.is_(True))
    return (
        select(*_SHOWN)
        .select_from(DirectoryOpening.__table__)
        .where(
            _OPENING.subject == bindparam("subject"),
            _OPENING.part_of_day == bindparam("part_of_day"),
            _OPENING.next_free_at > bindparam("now"),
            *filters,
        )
        .order_by(*_ORDER)
        .limit(bindparam("rows"))
    )


def _subject(search: SearchDirectory) -> str:
    if search.topic:
        return topic_subject(search.topic)
    return approach_subject(search.approach) if search.approach else ANY


def _card(row: Row[Any]) -> dict[str, Any]:
    """The ready card, and what changes by the hour."""
    card: dict[str, Any] = from_json(row.card)
    card["price"] = {"amount": row.price_amount, "currency": row.price_currency}
    card["next_free_at"] = f"{row.next_free_at.isoformat()}Z"
    return card
