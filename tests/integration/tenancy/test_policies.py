"""Without any filter of the application the policies alone keep practices apart.

Rows of two practices are laid out in a transaction that is rolled back; then the transaction
becomes the service's runtime role.
"""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError, ProgrammingError

from deploy.local.names import SERVICES
from deploy.local.stack import Stack
from services.common.auth import Actor, service_actor
from services.common.database import Database
from tests.integration.tenancy.catalogue import policies, service_of, tables_of_kind
from tests.integration.tenancy.rows import lay_out, relax

TENANT = tables_of_kind("tenant")
#: The tables whose rows a person may read in every practice.
OWN_ROWS = [
    *("billing.credit_uses", "billing.invoices", "billing.package_sales", "billing.payments"),
    "booking.bookings",
    *("plans.accesses", "plans.charts", "plans.courses", "plans.dues", "plans.entries"),
    "plans.fillings",
    *("plans.plans", "plans.reviews", "plans.versions"),
    *("profiles.clients", "profiles.members"),
]
OURS, THEIRS, PERSON = (UUID(int=n) for n in (1, 2, 3))
SERVICES_WITH_TENANTS = sorted({service_of(table) for table in TENANT})


@pytest.fixture
def two_practices(scratch: Connection) -> Callable[[str], Connection]:
    """A row of ours and one of theirs; nobody is let in yet."""

    def lay(table: str) -> Connection:
        relax(scratch, table)
        lay_out(scratch, table, OURS, uuid4())
        lay_out(scratch, table, THEIRS, PERSON)
        return scratch

    return lay


def become(connection: Connection, role: str, practice_id: UUID | None = None) -> None:
    """Go on as that role, within that practice."""
    connection.execute(text(f"SET LOCAL ROLE {role}"))
    let_in(connection, practice_id)


def let_in(
    connection: Connection, practice_id: UUID | None, account_id: UUID | None = None
) -> None:
    """Set whose rows are to be seen; empty as a pooled connection has it."""
    for setting, value in (("practice_id", practice_id), ("account_id", account_id)):
        asked = text("SELECT set_config(:name, :value, true)")
        connection.execute(asked, {"name": f"attune.{setting}", "value": str(value or "")})


def runtime(table: str) -> str:
    """The role that serves requests."""
    return f"attune_{service_of(table)}"


def owner(table: str) -> str:
    """The role that owns the schema."""
    return f"attune_{service_of(table)}_owner"


def seen(connection: Connection, table: str) -> set[UUID]:
    """The practices of all rows that a query without any filter finds."""
    return set(connection.scalars(text(f"SELECT practice_id FROM {table}")))


def changed(connection: Connection, statement: str) -> int:
    """How many rows the statement reached; none where the right is missing altogether."""
    savepoint = connection.begin_nested()
    try:
        return connection.execute(text(statement)).rowcount
    except ProgrammingError as refused:
        if "permission denied" not in str(refused):
            raise
        return 0
    finally:
        savepoint.rollback()


def touching(connection: Connection, table: str) -> str:
    """An update of all rows in a column that the current role may write, if there is one."""
    writable = text(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema || '.' || table_name = :table"
        " AND has_column_privilege(:table, column_name, 'UPDATE') ORDER BY ordinal_position"
    )
    column = connection.scalar(writable, {"table": table}) or "practice_id"
    return f"UPDATE {table} SET {column} = {column}"


@pytest.mark.parametrize("table", TENANT)
def test_without_a_filter_only_the_practice_that_is_set_is_seen(
    two_practices: Callable[[str], Connection], table: str
) -> None:
    """Ours as ours, theirs as theirs, nothing as a third one."""
    connection = two_practices(table)
    become(connection, runtime(table), OURS)
    assert seen(connection, table) == {OURS}
    let_in(connection, THEIRS)
    assert seen(connection, table) == {THEIRS}
    let_in(connection, UUID(int=9))
    assert seen(connection, table) == set()


@pytest.mark.parametrize("table", TENANT)
def test_with_the_wall_taken_down_the_same_query_sees_everybody(
    two_practices: Callable[[str], Connection], table: str
) -> None:
    """The twin: it is the policy that held, and the rows are there."""
    connection = two_practices(table)
    become(connection, owner(table))
    connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    become(connection, runtime(table), OURS)
    assert seen(connection, table) >= {OURS, THEIRS}


@pytest.mark.parametrize("table", TENANT)
def test_the_owner_is_bound_as_well_until_force_is_taken_off(
    two_practices: Callable[[str], Connection], table: str
) -> None:
    """A migration that reads rows by mistake finds none."""
    connection = two_practices(table)
    become(connection, owner(table))
    assert seen(connection, table) == set()
    connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
    assert seen(connection, table) >= {OURS, THEIRS}


@pytest.mark.parametrize("table", TENANT)
def test_rows_of_another_practice_can_be_neither_changed_nor_removed(
    two_practices: Callable[[str], Connection], table: str
) -> None:
    """No row is found, or the right is missing altogether."""
    connection = two_practices(table)
    become(connection, runtime(table), OURS)
    for statement in (
        f"{touching(connection, table)} WHERE practice_id = '{THEIRS}'",
        f"DELETE FROM {table} WHERE practice_id = '{THEIRS}'",
    ):
        assert changed(connection, statement) == 0


@pytest.mark.parametrize("table", TENANT)
def test_no_row_can_be_slipped_into_another_practice(scratch: Connection, table: str) -> None:
    """Neither written there nor, where rows may change at all, moved there."""
    relax(scratch, table)
    become(scratch, runtime(table), OURS)
    savepoint = scratch.begin_nested()
    with pytest.raises(ProgrammingError, match="row-level security"):
        lay_out(scratch, table, THEIRS, PERSON)
    savepoint.rollback()
    lay_out(scratch, table, OURS, PERSON)
    with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
        scratch.execute(text(f"UPDATE {table} SET practice_id = '{THEIRS}'"))


@pytest.mark.parametrize("table", OWN_ROWS)
def test_a_person_reads_their_own_rows_in_every_practice_and_changes_none(
    two_practices: Callable[[str], Connection], table: str
) -> None:
    """The second policy is for reading; with it off, the row is out of sight."""
    connection = two_practices(table)
    become(connection, runtime(table))
    let_in(connection, None, PERSON)
    assert seen(connection, table) == {THEIRS}
    assert changed(connection, touching(connection, table)) == 0
    become(connection, owner(table))
    connection.execute(text(f"DROP POLICY own_rows ON {table}"))
    become(connection, runtime(table))
    let_in(connection, None, PERSON)
    assert seen(connection, table) == set()


def test_every_table_with_own_rows_is_tried(scratch: Connection) -> None:
    """The list above is that of the database."""
    assert [table for table in TENANT if "own_rows" in policies(scratch, table)] == OWN_ROWS


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_connects_as_its_runtime_role(
    database: Callable[[str], Database], service: str
) -> None:
    """The role whose rights were looked at is the one that works."""
    with database(service).plumbing() as tx:
        told = tx.execute(text("SELECT session_user::text, current_user::text")).one()
    assert tuple(told) == (f"attune_{service}",) * 2


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cannot_read_another_schema(
    database: Callable[[str], Database], service: str
) -> None:
    """Tried over its own connection, on the table that every schema has."""
    for other in set(SERVICES) - {service}:
        foreign = text(f"SELECT 1 FROM {other}.outbox")
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            database(service).plumbing() as tx,
        ):
            tx.execute(foreign)


@pytest.mark.parametrize("service", SERVICES_WITH_TENANTS)
def test_a_pooled_connection_keeps_no_practice(
    database: Callable[[str], Database], servers: Stack, service: str
) -> None:
    """The next transaction finds the setting empty, sees nothing, and does not fail over it."""
    database(service)
    own = Database(servers.database_url(service), pool_size=1)
    for table in (table for table in TENANT if service_of(table) == service):
        with own.transaction(service_actor(service, OURS, "test")) as tx:
            backend = tx.scalar(text("SELECT pg_backend_pid()"))
            assert _setting(tx.connection()) == str(OURS)
        with own.transaction(Actor()) as tx:
            assert tx.scalar(text("SELECT pg_backend_pid()")) == backend
            assert _setting(tx.connection()) == ""
            assert seen(tx.connection(), table) == set()
    own.engine.dispose()


@pytest.mark.parametrize("service", SERVICES_WITH_TENANTS)
def test_a_policy_without_care_for_the_empty_setting_would_fail(
    scratch: Connection, service: str
) -> None:
    """The twin: `''::uuid` raises, which is why the policies say NULLIF."""
    table = next(table for table in TENANT if service_of(table) == service)
    relax(scratch, table)
    lay_out(scratch, table, OURS, PERSON)
    become(scratch, owner(table))
    bare = "practice_id = current_setting('attune.practice_id', true)::uuid"
    scratch.execute(text(f"ALTER POLICY tenant ON {table} USING ({bare})"))
    become(scratch, runtime(table))
    with pytest.raises(DataError, match="invalid input syntax for type uuid"):
        seen(scratch, table)


def _setting(connection: Connection) -> str:
    told = connection.scalar(text("SELECT current_setting('attune.practice_id', true)"))
    return str(told or "")
