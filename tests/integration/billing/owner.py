"""What only the schema's owner may do: switch guards off for the twins of tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

from deploy.local.stack import Stack


def as_owner(servers: Stack, *statements: str) -> None:
    """Run statements as the role that owns the schema, in one transaction."""
    connection = psycopg2.connect(servers.database_url("owner"))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET ROLE attune_billing_owner")
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


@contextmanager
def without_trigger(servers: Stack, table: str, trigger: str) -> Iterator[None]:
    """The guard switched off for the length of a `with` block."""
    as_owner(servers, f"ALTER TABLE billing.{table} DISABLE TRIGGER {trigger}")
    try:
        yield
    finally:
        as_owner(servers, f"ALTER TABLE billing.{table} ENABLE TRIGGER {trigger}")
