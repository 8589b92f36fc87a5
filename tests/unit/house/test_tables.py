"""Tables as the house writes them: their kind, their names, their indexes."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, MetaData, Table
from sqlalchemy import CheckConstraint as Check
from sqlalchemy.schema import Constraint, PrimaryKeyConstraint, UniqueConstraint

from services.common import tenancy
from tests.unit.house.sources import SERVICES

KINDS = {tenancy.TENANT["kind"], tenancy.PLATFORM["kind"], tenancy.PLUMBING["kind"]}
SNAKE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
#: Words without a plural, or with one of their own, and the two boxes that every service has.
NO_PLURAL = {"inbox", "outbox", "time_off", "due_work", "note_addenda"}
#: A truth value that says what the offering needs; `is_…` would twist the word.
NAMED_OTHERWISE = {"booking.offerings.needs_room"}


def metadata_of(service: str) -> MetaData:
    """The tables of a service as its models say."""
    metadata: MetaData = importlib.import_module(f"services.{service}.models").metadata
    return metadata


def all_tables() -> list[Table]:
    """Every table of the house."""
    return [table for name in SERVICES for table in metadata_of(name).sorted_tables]


def without_kind(tables: list[Table]) -> set[str]:
    """Tables that do not say whose they are."""
    return {table.fullname for table in tables if table.info.get("kind") not in KINDS}


def unnamed(table: Table) -> Iterator[str]:
    """Constraints and indexes that the database would have to name."""
    named: list[Constraint | Index] = [*table.constraints, *table.indexes]
    for one in named:
        # a primary key of no column is SQLAlchemy's placeholder, not a constraint
        if not one.name and not (isinstance(one, PrimaryKeyConstraint) and not one.columns):
            yield f"{table.fullname}: {type(one).__name__}"


def is_plural(name: str) -> bool:
    """Whether a word of the name is one, as far as its ending tells."""
    return any(word.endswith("s") and not word.endswith("ss") for word in name.split("_"))


def wrongly_typed(table: Table) -> set[str]:
    """Columns whose name promises another type: `*_at`, `*_on`, `is_*`, `*_id`."""
    return {
        f"{table.fullname}.{column.name}"
        for column in table.columns
        if (column.name.endswith("_at") and not _is_aware(column))
        or (column.name.endswith("_on") and not isinstance(column.type, Date))
        or (column.name.startswith("is_") != isinstance(column.type, Boolean))
        or (isinstance(column.type, DateTime) and not column.type.timezone)
    }


def _is_aware(column: Column[object]) -> bool:
    return isinstance(column.type, DateTime) and column.type.timezone


def test_every_table_says_its_kind() -> None:
    """tenant, platform or plumbing: there is no fourth."""
    assert without_kind(all_tables()) == set()


def test_a_table_without_kind_is_found() -> None:
    """The check does not take silence for an answer."""
    table = Table("things", MetaData(), Column("id", Integer, primary_key=True))
    assert without_kind([table]) == {"things"}


def test_every_constraint_has_a_name() -> None:
    """So that an operation can tell which rule was broken."""
    assert [flaw for table in all_tables() for flaw in unnamed(table)] == []


def test_an_unnamed_constraint_is_found() -> None:
    """Without the house's naming convention nothing has a name."""
    columns = (Column("id", Integer, primary_key=True), Column("n", Integer))
    table = Table("things", MetaData(), *columns, UniqueConstraint("n"), Check("n > 0"))
    assert len(list(unnamed(table))) == 3


def test_checks_say_what_they_hold() -> None:
    """Named by hand after their table, for the convention knows no better than `check1`."""
    checks = [
        (table.name, str(one.name))
        for table in all_tables()
        for one in table.constraints
        if isinstance(one, Check)
    ]
    assert checks
    assert [name for table, name in checks if not name.startswith(f"{table}_")] == []


@pytest.mark.parametrize("service", SERVICES)
def test_table_names_are_plural_snake_case(service: str) -> None:
    """One spelling, so that nobody has to look one up."""
    names = {table.name for table in metadata_of(service).sorted_tables}
    assert {name for name in names if not SNAKE.match(name)} == set()
    assert {name for name in names - NO_PLURAL if not is_plural(name)} == set()


def test_a_singular_name_is_found() -> None:
    """Also behind another word."""
    assert not is_plural("booking")
    assert not is_plural("booking_access")


def test_column_names_keep_their_promise() -> None:
    """`*_at` is an aware instant, `*_on` a date, `is_*` and nothing else a truth value."""
    found = {flaw for table in all_tables() for flaw in wrongly_typed(table)}
    assert found == NAMED_OTHERWISE


def test_a_broken_promise_is_found() -> None:
    """A naive time, a date that is an instant, a truth value without `is_`."""
    columns: tuple[Column[Any], ...] = (
        Column("made_at", DateTime()),
        Column("born_on", DateTime(timezone=True)),
        Column("active", Boolean()),
        Column("is_many", Integer()),
    )
    table = Table("things", MetaData(), *columns, Index("things_made_idx", "made_at"))
    assert len(wrongly_typed(table)) == 4


@pytest.mark.parametrize("service", SERVICES)
def test_the_schema_is_the_service(service: str) -> None:
    """One word everywhere: folder, service, schema."""
    assert metadata_of(service).schema == service
    assert {table.schema for table in metadata_of(service).sorted_tables} == {service}
