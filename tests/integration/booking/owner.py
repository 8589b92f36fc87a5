"""What only the schema's owner may do: take guards away for the twins of tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg2

from deploy.local.stack import Stack

GUARDS = {
    "sessions_no_overlap": """sessions ADD CONSTRAINT sessions_no_overlap
        EXCLUDE USING gist (practitioner_id WITH =, blocked WITH &&)
        WHERE (is_live AND NOT is_override) DEFERRABLE INITIALLY IMMEDIATE""",
    "participants_no_overlap": """participants ADD CONSTRAINT participants_no_overlap
        EXCLUDE USING gist (
            practice_id WITH =, client_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (is_live) DEFERRABLE INITIALLY IMMEDIATE""",
}
LOCKS = (
    "CREATE OR REPLACE FUNCTION booking.lock_in_order(keys bigint[])"
    " RETURNS void LANGUAGE sql AS $$ {} $$"
)
TAKE = (
    "SELECT pg_advisory_xact_lock(key)"
    " FROM (SELECT DISTINCT key FROM unnest(keys) AS key ORDER BY key) AS ordered"
)


def as_owner(servers: Stack, *statements: str) -> None:
    """Run statements as the role that owns the schema, in one transaction."""
    connection = psycopg2.connect(servers.database_url("owner"))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET ROLE attune_booking_owner")
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


@contextmanager
def without_locks(servers: Stack) -> Iterator[None]:
    """Nobody waits for anybody."""
    as_owner(servers, LOCKS.format("SELECT"))
    try:
        yield
    finally:
        as_owner(servers, LOCKS.format(TAKE))


@contextmanager
def slow_to_write(servers: Stack) -> Iterator[None]:
    """A new session takes a tenth of a second: time for others to look at the same calendar."""
    as_owner(
        servers,
        "CREATE FUNCTION booking.rest() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$",
        "CREATE TRIGGER rest BEFORE INSERT ON booking.sessions"
        " FOR EACH ROW EXECUTE FUNCTION booking.rest()",
    )
    try:
        yield
    finally:
        as_owner(servers, "DROP TRIGGER rest ON booking.sessions", "DROP FUNCTION booking.rest()")


@contextmanager
def without_constraints(servers: Stack, practice_id: UUID) -> Iterator[None]:
    """No exclusion; what the practice leaves behind ends before the guards come back."""
    tables = {name: guard.split()[0] for name, guard in GUARDS.items()}
    drops = [f"ALTER TABLE booking.{table} DROP CONSTRAINT {n}" for n, table in tables.items()]
    as_owner(servers, *drops)
    try:
        yield
    finally:
        as_owner(
            servers,
            f"SELECT set_config('attune.practice_id', '{practice_id}', true)",
            *(f"UPDATE booking.{table} SET is_live = false" for table in tables.values()),
            # A table with changes under way cannot be altered.
            "SET CONSTRAINTS ALL IMMEDIATE",
            *(f"ALTER TABLE booking.{guard}" for guard in GUARDS.values()),
        )
