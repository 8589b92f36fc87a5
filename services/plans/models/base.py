"""The schema `plans`: its metadata, its plumbing, and what its tables share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, LargeBinary, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from services.common.database import metadata as schema_metadata
from services.common.plumbing import Plumbing

metadata = schema_metadata("plans")
plumbing = Plumbing.of(metadata)
SHORTEST_SEALED = 28
"""Bytes of a nonce and a tag around nothing: what is shorter was never encrypted."""


class Base(DeclarativeBase):
    """The base of plans' tables. Clinical text is bytes, and only ever ciphertext."""

    metadata = metadata
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        str: Text(),
        bytes: LargeBinary(),
    }


def of_chart(table: str) -> ForeignKeyConstraint:
    """The row belongs to a chart, with the chart's client."""
    return ForeignKeyConstraint(
        ["practice_id", "chart_id"],
        ["plans.charts.practice_id", "plans.charts.id"],
        name=f"{table}_chart_fkey",
    )


def listed(words: Iterable[str]) -> str:
    """SQL: the words as literals."""
    return ", ".join(f"'{word}'" for word in sorted(words))
