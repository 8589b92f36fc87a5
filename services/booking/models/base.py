"""The schema `booking`: its metadata, its plumbing, and checks that several tables share."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from services.common.database import metadata as schema_metadata
from services.common.plumbing import Plumbing

metadata = schema_metadata("booking")
plumbing = Plumbing.of(metadata)


class Base(DeclarativeBase):
    """The base of booking's tables."""

    metadata = metadata
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        str: Text(),
    }


def on_grid(column: str) -> str:
    """SQL: an instant lies on the 5-minute grid."""
    return f"mod(extract(epoch FROM {column}), 300) = 0"


def minutes(column: str, least: int) -> str:
    """SQL: a length of at most a day, in minutes, on the 5-minute grid."""
    return f"{column} BETWEEN {least} AND 1440 AND {column} % 5 = 0"
