"""One schema a service: who owns it, who works in it, and nobody else.

For each service: `attune_<service>_owner` owns the schema and cannot log in; `attune_<service>`
is what the process uses: neither owner nor superuser, and bound by row-level security.
`attune_owner` runs the migrations, as a member of all owners.
"""

from typing import Any
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import errors, sql

from deploy.local.names import DATABASE, SERVICES
from deploy.local.stack import Stack

EXTENSIONS = ("btree_gist", "pg_trgm")


class RightsMissing(Exception):
    """The given database account may not make roles or schemas; the text says what it needs."""


def provision(stack: Stack) -> None:
    """Make or mend database, roles, schemas and rights; safe to repeat. Raises RightsMissing."""
    try:
        if stack.has_own_database:
            _make_database(stack)
        _make_roles_and_schemas(stack)
    except errors.InsufficientPrivilege as refused:
        account = urlsplit(stack.admin_database_url).username
        raise RightsMissing(
            f"DATABASE_URL: the account {account!r} lacks a right ({str(refused).strip()}). "
            "It must be allowed to make roles (CREATEROLE) and schemas (CREATE on the database): "
            f"`ALTER ROLE {account} CREATEROLE; GRANT CREATE ON DATABASE ... TO {account};`"
        ) from None


def _connect(url: str) -> Any:
    return psycopg2.connect(url, connect_timeout=5)


def _make_database(stack: Stack) -> None:
    connection = _connect(stack.admin_database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    connection.close()


def target_url(stack: Stack) -> str:
    """The database of the product, as the account that may make roles."""
    if not stack.has_own_database:
        return stack.admin_database_url
    return stack.admin_database_url.rsplit("/", 1)[0] + f"/{DATABASE}"


def _make_roles_and_schemas(stack: Stack) -> None:
    connection = _connect(target_url(stack))
    try:
        with connection, connection.cursor() as cursor:
            for extension in EXTENSIONS:
                _run(cursor, "CREATE EXTENSION IF NOT EXISTS {}", extension)
            _make_role(cursor, "attune_owner", stack.secrets["database.owner"])
            for service in SERVICES:
                _make_service(cursor, service, stack.secrets[f"database.{service}"])
    finally:
        connection.close()


def _run(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def _make_role(cursor: Any, role: str, password: str | None) -> None:
    """A role that may nothing by itself; with a password it may log in."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    if cursor.fetchone() is None:
        _run(cursor, "CREATE ROLE {} NOLOGIN NOCREATEDB NOCREATEROLE INHERIT", role)
    if password is not None:
        statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
        cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def _make_service(cursor: Any, service: str, password: str) -> None:
    owner, runtime = f"attune_{service}_owner", f"attune_{service}"
    _make_role(cursor, owner, None)
    _make_role(cursor, runtime, password)
    _run(cursor, "GRANT {} TO CURRENT_USER", owner)
    _run(cursor, "GRANT {} TO attune_owner", owner)
    _run(cursor, "CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}", service, owner)
    _run(cursor, "GRANT USAGE ON SCHEMA {} TO {}", service, runtime)
    _run(cursor, "ALTER ROLE {} SET search_path = {}, public", runtime, service)
    for creator in (owner, "attune_owner"):
        _grant_what_will_be_made(cursor, creator, service, runtime)


def _grant_what_will_be_made(cursor: Any, creator: str, schema: str, runtime: str) -> None:
    """Tables to come are readable and writable; what must not change, a migration revokes."""
    if creator == "attune_owner":
        _run(cursor, "GRANT {} TO CURRENT_USER", creator)
    ahead = "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} GRANT "
    _run(cursor, ahead + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}", creator, schema, runtime)
    _run(cursor, ahead + "USAGE, SELECT ON SEQUENCES TO {}", creator, schema, runtime)
    _run(cursor, ahead + "EXECUTE ON ROUTINES TO {}", creator, schema, runtime)
