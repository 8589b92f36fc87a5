"""A row for any tenant table: what must be filled in, and no more."""

from uuid import UUID

from sqlalchemy import Connection, text

#: What stands in a column that must be filled, by its type.
BY_TYPE = {
    "uuid": "gen_random_uuid()",
    "text": "left(gen_random_uuid()::text, 3)",
    "integer": "1",
    "smallint": "1",
    "bigint": "1",
    "boolean": "true",
    "timestamp with time zone": "timestamptz '2027-03-08 14:00Z'",
    "timestamp with time zone[]": "ARRAY[timestamptz '2027-03-08 14:00Z']",
    "date": "date '2027-03-08'",
    "jsonb": "'[]'",
    "bytea": r"'\x00'",
    "text[]": "'{}'",
    "tstzrange": "tstzrange('2027-03-08 14:00Z', '2027-03-08 15:00Z')",
}


def relax(connection: Connection, table: str) -> None:
    """Drop the table's CHECKs until the transaction is rolled back: they are of no concern here."""
    asked = text(
        "SELECT conname FROM pg_constraint"
        " WHERE conrelid = CAST(:table AS regclass) AND contype = 'c'"
    )
    for name in connection.scalars(asked, {"table": table}).all():
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))


def lay_out(connection: Connection, table: str, practice_id: UUID, account_id: UUID) -> None:
    """Write one row of the practice; `account_id` where the table has one."""
    values = {name: BY_TYPE[kind] for name, kind in _to_fill(connection, table)}
    values["practice_id"] = f"'{practice_id}'"
    if "account_id" in _names(connection, table):
        values["account_id"] = f"'{account_id}'"
    names, filled = ", ".join(values), ", ".join(values.values())
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({filled})"))


def _to_fill(connection: Connection, table: str) -> list[tuple[str, str]]:
    """Columns that neither may be empty nor fill themselves; types without their length."""
    asked = text(
        "SELECT attname, regexp_replace(format_type(atttypid, NULL),"
        " '^character( varying)?$', 'text') FROM pg_attribute"
        " WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND attnotnull"
        " AND NOT atthasdef AND attidentity = '' AND NOT attisdropped"
    )
    return [tuple(row) for row in connection.execute(asked, {"table": table})]


def _names(connection: Connection, table: str) -> set[str]:
    asked = text(
        "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attnum > 0"
    )
    return set(connection.scalars(asked, {"table": table}))
