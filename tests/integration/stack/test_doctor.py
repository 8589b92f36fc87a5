"""What `make doctor` says of a stack that is not well, and how to mend it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg2
import pytest

from deploy.local.database_roles import target_url
from deploy.local.doctor import deaths
from deploy.local.product import Product
from deploy.local.run_directory import RunDirectory
from deploy.local.servers import temporary_run_directory
from deploy.local.settings import CHECKOUT

SUPERVISORS_LOG = """\
2026-11-22 10:00:00,000 WARN exited: booking (terminated by SIGKILL; not expected)
2026-11-22 10:20:01,500 INFO spawned: 'booking' with pid 7
2026-11-22 10:20:02,500 WARN exited: booking (exit status 1; not expected)
2026-11-22 10:20:03,500 WARN exited: notify (exit status 1; not expected)
2026-11-22 10:20:04,500 WARN exited: booking (exit status 1; not expected)
2026-11-22 10:20:05,500 INFO exited: plans (exit status 0; expected)
"""
PARK = """
    INSERT INTO plans.failed_events (event_id, handler, type, request_id, error, tries, parked_at)
    VALUES (gen_random_uuid(), 'on_booking_made', 'booking_made', 'r', 'ValueError', 12, now())
"""


def test_deaths_of_the_last_minutes_are_counted(tmp_path: Path) -> None:
    """By name, from an instant on; an end that was asked for is none."""
    run = RunDirectory(tmp_path)
    run.logs.mkdir()
    (run.logs / "supervisord.log").write_text(SUPERVISORS_LOG)
    assert deaths(run, datetime.fromisoformat("2026-11-22 10:10:00")) == {"booking": 2, "notify": 1}


def test_a_stack_that_never_ran_has_no_deaths(tmp_path: Path) -> None:
    """There is no log either."""
    assert deaths(RunDirectory(tmp_path), datetime.fromisoformat("2026-11-22 10:00:00")) == {}


@pytest.fixture
def product() -> Iterator[Product]:
    """Servers, stand-ins and one service."""
    with temporary_run_directory() as path:
        made = Product(path, told={"ATTUNE_APPS": "plans", "ATTUNE_DEMO": "0"})
        try:
            made.start()
            made.wait_until_up("plans")
            yield made
        finally:
            made.stop()


def doctor(product: Product) -> tuple[int, list[str]]:
    """Its exit code and lines."""
    told = {"ATTUNE_RUN_DIR": str(product.run.path), "ATTUNE_APPS": "plans"}
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "doctor"],
        cwd=CHECKOUT,
        env=os.environ | told,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.long
def test_what_is_broken_is_said_with_the_way_to_mend_it(product: Product) -> None:
    """A stopped Redis, a mailbox that dies again and again, a parked event; first all is well."""
    code, lines = doctor(product)
    assert [line for line in lines if not line.startswith("ok")] == []
    assert code == 0
    product.stop_process("redis")
    for _ in range(3):
        product.wait_until_up("mailbox", 40, instead_of=product.kill9("mailbox"))
    with closing(psycopg2.connect(target_url(product.stack))) as tx, tx, tx.cursor() as cursor:
        cursor.execute(PARK)
    code, lines = doctor(product)
    told = "\n".join(line for line in lines if not line.startswith("ok"))
    assert code == 1
    assert "BAD  redis          STOPPED" in told
    assert "make logs SERVICE=redis says why, `make stop` and `make run` start it again" in told
    assert "BAD  logins store   does not answer" in told
    assert "ended 3 times in the last ten minutes -> make logs SERVICE=mailbox" in told
    assert "FAIL plans parked: 1 parked: `make parked`" in told
    assert len(told.splitlines()) == 4
