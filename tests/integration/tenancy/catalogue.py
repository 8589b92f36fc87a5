"""What PostgreSQL itself says about tables, columns, indexes, policies and roles."""

import importlib
from dataclasses import dataclass

from sqlalchemy import Connection, text

from deploy.local.names import SERVICES

#: Alembic's own table: the number of a schema's version.
BOOKKEEPING = "alembic_version"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the catalogue knows it."""

    name: str
    type: str
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """A row-level policy: the command it is for (`*`, `r` …), what it shows and lets in."""

    name: str
    command: str
    is_permissive: bool
    shows: str
    lets_in: str


def model_kinds() -> dict[str, str]:
    """Each table of the models, `schema.name`, with its kind."""
    return {
        table.fullname: str(table.info["kind"])
        for service in SERVICES
        for table in importlib.import_module(f"services.{service}.models").metadata.sorted_tables
    }


def tables_of_kind(kind: str) -> list[str]:
    """The tables of one kind, in order."""
    return sorted(table for table, its in model_kinds().items() if its == kind)


def service_of(table: str) -> str:
    """The service whose schema the table is in."""
    return table.split(".")[0]


def tables(connection: Connection) -> set[str]:
    """Every table, view and materialised view of the five schemas."""
    asked = text(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n"
        " ON n.oid = c.relnamespace WHERE n.nspname = ANY(:schemas)"
        " AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    )
    return set(connection.scalars(asked, {"schemas": list(SERVICES)}))


def columns(connection: Connection, table: str) -> list[Column]:
    """A table's columns."""
    asked = text(
        "SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull FROM pg_attribute"
        " WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped"
    )
    return [Column(*row) for row in connection.execute(asked, {"table": table})]


def is_walled(connection: Connection, table: str) -> tuple[bool, bool]:
    """Whether row-level security is on, and whether it binds the owner too."""
    asked = text(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE oid = CAST(:table AS regclass)"
    )
    is_on, is_forced = connection.execute(asked, {"table": table}).one()
    return is_on, is_forced


def policies(connection: Connection, table: str) -> dict[str, Policy]:
    """A table's policies by name."""
    asked = text(
        "SELECT polname, polcmd, polpermissive, coalesce(pg_get_expr(polqual, polrelid), ''),"
        " coalesce(pg_get_expr(polwithcheck, polrelid), '') FROM pg_policy"
        " WHERE polrelid = CAST(:table AS regclass)"
    )
    found = (Policy(*row) for row in connection.execute(asked, {"table": table}))
    return {policy.name: policy for policy in found}


def indexes(connection: Connection, table: str) -> dict[str, str]:
    """A table's indexes with the first thing that each is sorted by."""
    asked = text(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid, 1, true) FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = CAST(:table AS regclass)"
    )
    return {row.relname: row[1] for row in connection.execute(asked, {"table": table})}
