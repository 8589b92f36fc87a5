"""Whether a service can do its work: its database, its migrations, its outbox."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from services.common import parking
from services.common.errors import Busy
from services.common.logging import describe
from services.common.messages import Command, View
from services.common.migrate import alembic_config
from services.common.outbox import oldest_unpublished_seconds
from services.common.runtime import Runtime

OUTBOX_SECONDS = 60


class CheckHealth(Command):
    """Ask a service how it is."""


class Health(View):
    """Each check by name: `ok`, or what is wrong and how to mend it."""

    service: str
    is_ready: bool
    checks: dict[str, str]


def check(runtime: Runtime) -> Health:
    """All checks of a service; a database that is away fails them and raises nothing."""
    try:
        checks = _checks(runtime)
    except Exception as error:
        told = "does not answer" if isinstance(error, Busy) else describe(error)
        checks = {"database": f"{told}: look at its log, or at {runtime.name.upper()}_DATABASE_URL"}
    is_ready = all(told == "ok" for name, told in checks.items() if name != "parked")
    return Health(service=runtime.name, is_ready=is_ready, checks=checks)


@cache
def _head(service: str) -> str | None:
    """The newest migration on disk, read once."""
    return ScriptDirectory.from_config(alembic_config(service)).get_current_head()


def _checks(runtime: Runtime) -> dict[str, str]:
    with runtime.database.plumbing() as tx:
        age = oldest_unpublished_seconds(tx, runtime.plumbing.outbox)
        parked = parking.count(tx, runtime.plumbing.outbox.metadata)
        of_schema = {"version_table_schema": runtime.name}
        current = MigrationContext.configure(tx.connection(), opts=of_schema).get_current_revision()
    head = _head(runtime.name)
    return {
        "database": "ok",
        "migrations": "ok" if current == head else f"at {current}, not {head}: migrate",
        "outbox": "ok" if age < OUTBOX_SECONDS else f"events wait {age:.0f} s: is the broker up?",
        "parked": "ok" if not parked else f"{parked} parked: `make parked`",
    }
