"""The plumbing tables of one service, made together."""

from dataclasses import dataclass

from alembic import op
from sqlalchemy import MetaData, Table

from services.common.database import NAMING
from services.common.inbox import failures_table, inbox_table
from services.common.outbox import outbox_table


@dataclass(frozen=True, slots=True)
class Plumbing:
    """Where a service's events leave, where it remembers events, and where failed ones wait."""

    outbox: Table
    inbox: Table
    failures: Table

    @classmethod
    def of(cls, metadata: MetaData) -> "Plumbing":
        """Add the three tables to a service's metadata."""
        return cls(outbox_table(metadata), inbox_table(metadata), failures_table(metadata))


def create_plumbing(schema: str) -> None:
    """Make the three tables in a schema's first migration."""
    metadata = MetaData(schema=schema, naming_convention=NAMING)
    Plumbing.of(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)
