"""What the tables of profiles share."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, mapped_column

from services.common.database import metadata as schema_metadata
from services.common.plumbing import Plumbing

Key = Annotated[UUID, mapped_column(primary_key=True)]
At = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Short = Annotated[str, mapped_column(String(200))]
Email = Annotated[str, mapped_column(String(320))]
Words = Annotated[list[str], mapped_column(ARRAY(Text))]


class Base(DeclarativeBase):
    """The tables of profiles."""

    metadata = schema_metadata("profiles")


metadata = Base.metadata
plumbing = Plumbing.of(metadata)


def contained(column: str, allowed: list[str], name: str) -> CheckConstraint:
    """Every element of an array is one of `allowed`, and there is at least one."""
    told = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(
        f"{column} <@ ARRAY[{told}]::text[] AND cardinality({column}) > 0", name=name
    )
