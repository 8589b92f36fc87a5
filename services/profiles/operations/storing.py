"""Storing a row under an id that the caller names, as often as it likes."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.profiles.models import Base


def store(
    tx: Session, kind: type[Base], values: Mapping[str, Any], keys: Iterable[str] = ("id",)
) -> bool:
    """Insert the row, or change it where it differs; whether anything changed."""
    own = list(keys)
    statement = insert(kind).values(**values)
    columns = kind.__table__.c
    others = [name for name in values if name not in own]
    stored = tuple_(*(columns[name] for name in others))
    given = tuple_(*(statement.excluded[name] for name in others))
    changed = statement.on_conflict_do_update(
        index_elements=own,
        set_={name: statement.excluded[name] for name in others},
        where=stored.is_distinct_from(given),
    )
    return tx.execute(changed.returning(*(columns[name] for name in own))).first() is not None
