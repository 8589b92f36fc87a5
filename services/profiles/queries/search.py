"""The search: one short walk along the directory's index, soonest first.

Statements are made once for each set of filters that is asked for; plain columns and no entities,
because this is the read that everybody makes.
"""

from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, any_, bindparam, exists, select, tuple_
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from services.contracts.profiles import PractitionerCard, SearchDirectory
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
    _OPENING.practitioner_id,
    _OPENING.next_free_at,
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
_CARDS = TypeAdapter(list[PractitionerCard])


def cards(
    tx: Session, search: SearchDirectory, after: Position | None, now: datetime
) -> list[PractitionerCard]:
    """Up to `limit` + 1 practitioners after a position, soonest first."""
    given = parameters(search, after, now)
    rows = tx.connection().execute(statement(frozenset(given)), given)
    return _CARDS.validate_json(f"[{','.join(map(_card, rows))}]")


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


def _card(row: Any) -> str:
    """The ready card, as JSON, with what changes by the hour put in at its end."""
    price = f'{{"amount":{row.price_amount},"currency":"{row.price_currency}"}}'
    return f'{row.card[:-1]},"price":{price},"next_free_at":"{row.next_free_at.isoformat()}"}}'
