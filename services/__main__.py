"""The command line of the house: `python -m services COMMAND [ARG …]`.

run NAME            serve profiles, booking, plans, billing, notify or gateway
worker | beat       Celery's worker and clock
migrate [NAME …]    bring schemas to their newest version
settings [NAME …]   whether all processes, or those that are named, can read their settings
declare             make the broker's exchanges and queues
doctor              one line per check of every service
parked | replay     what was given up (events, foreign calls, mails): list it, try again
drop NAME KEY       let go for good what a service has parked under that key
reconcile           hold every ledger against Stripe now: one line per practice
migrations-check    models and migrations agree
openapi [--check]   write docs/openapi.json, or check that it is current
"""

import gc
import importlib
import os
import sys
import warnings
from typing import NoReturn

SERVICES = ["profiles", "booking", "plans", "billing", "notify"]
TASK_SERVICES = ["booking", "billing", "notify"]
#: New objects between two looks for rubbish. Nearly all that a start loads stays: with Python's 700
#: a sixth of the gateway's start went into looking.
GARBAGE_THRESHOLD = 10_000
OF_EVENTLET = "(?s).*Eventlet is deprecated"


def main(arguments: list[str]) -> None:
    """Run one command; imports wait until it is known, because eventlet must patch first."""
    command, *rest = arguments or ["help"]
    commands = {
        "run": run,
        "worker": worker,
        "beat": beat,
        "migrate": migrate,
        "settings": settings,
        "declare": declare,
        "doctor": doctor,
        "parked": parked,
        "replay": replay,
        "drop": drop,
        "reconcile": reconcile,
        "migrations-check": migrations_check,
        "openapi": openapi,
    }
    if command not in commands:
        sys.exit(__doc__)
    gc.set_threshold(GARBAGE_THRESHOLD)
    commands[command](rest)


def run(names: list[str]) -> None:
    """Serve one service or the gateway."""
    if len(names) != 1 or names[0] not in [*SERVICES, "gateway"]:
        sys.exit(__doc__)
    if names[0] == "gateway":
        from services.gateway.app import serve

        serve()
        return
    cooperate()
    from services.common.serve import run as serve_service

    serve_service(names[0])


def cooperate() -> None:
    """Let eventlet patch the process; nothing that waits may have been imported before."""
    warnings.filterwarnings("ignore", message=OF_EVENTLET)
    import eventlet

    eventlet.monkey_patch()
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()


def worker(arguments: list[str]) -> None:
    """Celery's worker; further arguments go to Celery."""
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    _celery(["worker", "--pool=prefork", *quiet, *arguments])


def beat(arguments: list[str]) -> None:
    """Celery's beat; further arguments go to Celery."""
    schedule = os.environ.get("CELERY_BEAT_SCHEDULE_FILE", "celerybeat-schedule")
    _celery(["beat", f"--schedule={schedule}", *arguments])


def migrate(names: list[str]) -> None:
    """Migrate all schemas, or those that are named."""
    from services.common.migrate import upgrade

    for name in names or SERVICES:
        upgrade(name, _required("MIGRATIONS_DATABASE_URL"))


def settings(names: list[str]) -> None:
    """Read what each process is told; the first that cannot is said with what is wrong."""
    from services.common import config

    for name in names or [*SERVICES, "gateway"]:
        module = importlib.import_module(f"services.{name}.config")
        try:
            config.load(getattr(module, f"{name.capitalize()}Config"))
        except config.SettingsError as error:
            config.stop(error)


def declare(_: list[str]) -> None:
    """Declare exchanges and queues, each as its own service."""
    from services.common.serve import declare as declare_all

    declare_all({name: _required(f"{name.upper()}_AMQP_URL") for name in SERVICES})


def doctor(_: list[str]) -> None:
    """Print one line per check; exit 1 where one failed."""
    warnings.filterwarnings("ignore", message=OF_EVENTLET)
    from services.common import runtime
    from services.doctor import checks

    is_well = True
    for name, check, answer in checks(map(runtime.build, SERVICES)):
        is_well = is_well and answer == "ok"
        print(f"{'ok  ' if answer == 'ok' else 'FAIL'} {name} {check}: {answer}")
    sys.exit(0 if is_well else 1)


def parked(_: list[str]) -> None:
    """List what all services have given up."""
    from services.common import parking, runtime

    for name in SERVICES:
        house = runtime.build(name)
        with house.database.plumbing() as tx:
            for row in parking.list_parked(tx, house.plumbing.outbox.metadata):
                at = row.parked_at.isoformat(timespec="seconds")
                print(f"{name}.{row.table}  {at}  {row.about}  {row.error}  {row.key}")


def replay(_: list[str]) -> None:
    """Give everything parked new tries."""
    from services.common import parking, runtime

    for name in SERVICES:
        house = runtime.build(name)
        with house.database.plumbing() as tx:
            done = parking.replay(tx, house.plumbing.outbox.metadata)
            print(f"{name}: {done} to be tried again")


def drop(arguments: list[str]) -> None:
    """Let one parked row go, as a mail to an address that was mistyped; `parked` lists the keys."""
    if len(arguments) != 2 or arguments[0] not in SERVICES or not arguments[1]:
        sys.exit("Say which: SERVICE=notify KEY=... as `make parked` lists it, last in its line.")
    from services.common import parking, runtime

    name, key = arguments
    house = runtime.build(name)
    with house.database.plumbing() as tx:
        done = parking.drop(tx, house.plumbing.outbox.metadata, key)
    if not done:
        sys.exit(f"{name} has no mail and no unreadable event parked under {key}. {REST}")
    print(f"{name}: let go of {key}")


def reconcile(_: list[str]) -> None:
    """Look at every account at Stripe now; exit 1 where the ledger differs from one."""
    from services.billing.operations.reconciling_all import look_at_all
    from services.billing.tasks import around
    from services.common.clock import utc_now

    is_even = True
    for told in look_at_all(around(), utc_now):
        is_even = is_even and not told.open
        print(told.line())
    sys.exit(0 if is_even else 1)


REST = "For all else somebody's money or calendar waits: mend the cause, then `make replay`."


def migrations_check(_: list[str]) -> None:
    """Exit 1 where a migrated schema and its models disagree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from services.common.database import Database
    from services.common.migrate import options

    found = []
    with Database(_required("MIGRATIONS_DATABASE_URL")).engine.connect() as connection:
        for name in SERVICES:
            metadata = importlib.import_module(f"services.{name}.models").metadata
            schema = MigrationContext.configure(connection, opts=options(name))
            found += [f"{name}: {one}" for one in compare_metadata(schema, metadata)]
    print("\n".join(found) or "models and migrations agree")
    sys.exit(1 if found else 0)


def openapi(arguments: list[str]) -> None:
    """Write the OpenAPI document, or compare it."""
    from services.gateway.openapi import check, write

    sys.exit(check() if "--check" in arguments else write())


def _celery(arguments: list[str]) -> None:
    from services.common.tasks import make_app

    names = os.environ.get("ATTUNE_TASKS", ",".join(TASK_SERVICES)).split(",")
    app = make_app(_required("CELERY_AMQP_URL"), names, os.environ.get("ATTUNE_LOG_LEVEL", "INFO"))
    app.start(argv=arguments)


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        _stop(name)
    return value


def _stop(name: str) -> NoReturn:
    sys.exit(f"Attune cannot start: {name}: Field required")


if __name__ == "__main__":
    main(sys.argv[1:])
