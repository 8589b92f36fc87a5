"""Migrations of one schema: run by its owner role, never by the role that serves requests."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, text

from services.common.database import driver_url

SERVICES = Path(__file__).parents[1]


def alembic_config(service: str) -> Config:
    """Alembic's configuration of one service, without a file."""
    config = Config()
    config.set_main_option("script_location", str(SERVICES / service / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(service: str, url: str) -> None:
    """Bring a service's schema to its newest version; a second run at the same time waits."""
    config = alembic_config(service)
    engine = create_engine(driver_url(url), hide_parameters=True)
    with engine.begin() as connection:
        _become_owner(connection, service)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def run_env(metadata: MetaData) -> None:
    """What every `migrations/env.py` does."""
    from alembic import context

    service = str(metadata.schema)
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, **options(service))
    with context.begin_transaction():
        context.run_migrations()


def options(service: str) -> dict[str, Any]:
    """How models and schema are compared."""

    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return name == service if kind == "schema" else True

    return {
        "version_table_schema": service,
        "include_schemas": True,
        "include_name": is_ours,
        "compare_type": True,
        "compare_server_default": False,
    }


def _become_owner(connection: Connection, service: str) -> None:
    """Own what is made, let the runtime role use it, and wait at most 5 s for a lock."""
    owner, runtime = f"attune_{service}_owner", f"attune_{service}"
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": owner})
    connection.execute(text(f"SET LOCAL ROLE {owner}"))
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    for what, rights in (
        ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
        ("SEQUENCES", "USAGE, SELECT"),
    ):
        connection.execute(
            text(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service}"
                f" GRANT {rights} ON {what} TO {runtime}"
            )
        )
