"""What each database role may and may not do, asked of a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from psycopg2 import errors

from deploy.local import database_roles
from deploy.local.names import SERVICES
from deploy.local.servers import Servers


def run(servers: Servers, role: str, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement as a role; returns its rows, if it has any."""
    url = servers.stack.database_url(role)
    with closing(psycopg2.connect(url)) as tx, tx, tx.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module", autouse=True)
def tables(servers: Servers) -> Iterator[None]:
    """A table in each schema, made as migrations make it: by the owner."""
    for service in SERVICES:
        owner = f"SET ROLE attune_{service}_owner; "
        run(servers, "owner", owner + f"CREATE TABLE {service}.things (id int)")
    yield
    for service in SERVICES:
        run(servers, "owner", f"DROP TABLE {service}.things")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_works_in_its_own_schema(servers: Servers, service: str) -> None:
    """Tables that a migration makes later are readable and writable without a further grant."""
    run(servers, service, "INSERT INTO things VALUES (7); DELETE FROM things WHERE id < 7")
    assert run(servers, service, f"SELECT id FROM {service}.things") == [(7,)]


@pytest.mark.parametrize(
    ("service", "other"), [(a, b) for a in SERVICES for b in SERVICES if a != b]
)
def test_a_service_cannot_read_the_schema_of_another(
    servers: Servers, service: str, other: str
) -> None:
    """The wall between services stands in the database, not only in the code."""
    with pytest.raises(errors.InsufficientPrivilege, match=f"schema {other}"):
        run(servers, service, f"SELECT * FROM {other}.things")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cannot_change_its_own_tables(servers: Servers, service: str) -> None:
    """Who serves requests neither owns nor alters: row-level security cannot be switched off."""
    for statement in (
        f"ALTER TABLE {service}.things DISABLE ROW LEVEL SECURITY",
        f"CREATE TABLE {service}.more (id int)",
        f"SET ROLE attune_{service}_owner",
        "CREATE TABLE public.stray (id int)",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            run(servers, service, statement)


def test_no_role_of_ours_is_above_the_policies(servers: Servers) -> None:
    """Neither superuser nor BYPASSRLS, and owners cannot log in."""
    rows = run(
        servers,
        "owner",
        "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole, rolcanlogin "
        "FROM pg_roles WHERE rolname LIKE 'attune%'",
    )
    assert len(rows) == 1 + 2 * len(SERVICES)
    assert [name for name, is_above, _login in rows if is_above] == []
    can_log_in = {name for name, _above, login in rows if login}
    assert can_log_in == {"attune_owner", *(f"attune_{service}" for service in SERVICES)}


def test_making_the_roles_twice_changes_nothing(servers: Servers) -> None:
    """Every start repeats it."""
    before = run(servers, "owner", "SELECT count(*) FROM pg_default_acl")
    database_roles.provision(servers.stack)
    assert run(servers, "owner", "SELECT count(*) FROM pg_default_acl") == before


def test_a_wrong_password_is_refused(servers: Servers) -> None:
    """No entry of pg_hba.conf trusts anybody, not even on this machine."""
    url = servers.stack.database_url("booking").replace(
        servers.stack.secrets["database.booking"], "wrong"
    )
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url)


def test_with_the_right_granted_the_other_schema_opens(servers: Servers) -> None:
    """The twin of the refusals above: it is the missing grant that refuses, and nothing else."""
    owner = "SET ROLE attune_booking_owner; "
    run(servers, "owner", owner + "GRANT USAGE ON SCHEMA booking TO attune_plans")
    run(servers, "owner", owner + "GRANT SELECT ON booking.things TO attune_plans")
    try:
        run(servers, "plans", "SELECT * FROM booking.things")
    finally:
        run(servers, "owner", owner + "REVOKE USAGE ON SCHEMA booking FROM attune_plans")
        run(servers, "owner", owner + "REVOKE SELECT ON booking.things FROM attune_plans")
