"""A machine without the servers, and a process without its settings: what is said, what is left."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.servers import temporary_run_directory
from deploy.local.settings import CHECKOUT

NOBODY = 65534
#: All that a bare machine has of what the start uses.
COMMANDS = ("bash", "cat", "cut", "dirname", "grep", "head", "id", "mktemp", "rm", "tail")
NEEDED = ("deploy/local/attune.sh", "deploy/local/bootstrap.sh", "deploy/local/ways_out.txt")
PROGRAMS = {
    "bin/python3.11": "exit 0",
    "bin/redis-server": "exit 0",
    "lib/rabbitmq/bin/rabbitmq-server": "exit 0",
    "lib/postgresql/15/bin/initdb": "echo initdb '(PostgreSQL) 15.9'",
}
SAID = {
    "bin/python3.11": "Python 3.11 with its venv module is not installed",
    "bin/redis-server": "Redis is not installed (Debian: redis-server)",
    "lib/rabbitmq/bin/rabbitmq-server": "RabbitMQ is not installed (Debian: rabbitmq-server)",
    "lib/postgresql/15/bin/initdb": "PostgreSQL 15 or newer is not installed",
}


class Machine:
    """A checkout on a machine that has only what is put there, used by somebody without rights."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.checkout = root / "checkout"
        for name in NEEDED:
            (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, self.checkout / name)
        (root / "bin").mkdir()
        for name in COMMANDS:
            (root / "bin" / name).symlink_to(str(shutil.which(name)))

    def put(self, name: str, deed: str) -> None:
        """A program that does no more than that."""
        program = self.root / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.unlink(missing_ok=True)
        program.write_text(f"#!{shutil.which('bash')}\n{deed}\n")
        program.chmod(0o755)

    def start(self, what: str = "run", **settings: str) -> "subprocess.CompletedProcess[str]":
        """What `make run`, or another target, calls, as nobody."""
        is_root = os.geteuid() == 0
        return subprocess.run(
            [self.checkout / NEEDED[0], what],
            env={"PATH": f"{self.root}/bin", "server_folders": f"{self.root}/lib", **settings},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            user=NOBODY if is_root else None,
            group=NOBODY if is_root else None,
            extra_groups=[] if is_root else None,
        )

    def files(self) -> set[str]:
        """Everything in the checkout."""
        return {str(path.relative_to(self.checkout)) for path in self.checkout.rglob("*")}


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A bare one. Everybody may write in its checkout, so that leaving nothing is a choice."""
    with temporary_run_directory() as root:
        made = Machine(root)
        root.chmod(0o755)
        made.checkout.chmod(0o777)
        yield made


def test_without_rights_everything_that_is_missing_is_said_at_once(machine: Machine) -> None:
    """A line for each, then the ways out; nothing was begun."""
    before = machine.files()
    done = machine.start()
    assert done.returncode == 1
    assert all(text in done.stderr for text in SAID.values())
    assert "apt-get install" in done.stderr
    assert "DATABASE_URL, AMQP_URL, REDIS_URL" in done.stderr
    assert machine.files() == before


@pytest.mark.parametrize("absent", PROGRAMS)
def test_the_one_that_is_missing_is_the_only_one_named(machine: Machine, absent: str) -> None:
    """What is there is not asked for."""
    for name, deed in PROGRAMS.items():
        if name != absent:
            machine.put(name, deed)
    done = machine.start()
    assert done.returncode == 1
    assert {text for text in SAID.values() if text in done.stderr} == {SAID[absent]}


def test_the_tests_ask_for_a_browser_too(machine: Machine) -> None:
    """Where only that is missing, it is named with its package, and nothing else is said."""
    for name, deed in PROGRAMS.items():
        machine.put(name, deed)
    done = machine.start("setup-tests")
    assert done.returncode == 1
    assert done.stderr.startswith("Chromium is not installed")
    assert "(Debian: chromium-headless-shell)" in done.stderr
    assert not [text for text in SAID.values() if text in done.stderr]


def test_an_old_postgresql_counts_as_none(machine: Machine) -> None:
    """Version 14 has no place here."""
    for name, deed in PROGRAMS.items():
        machine.put(name, deed.replace("15.9", "14.9"))
    done = machine.start()
    assert done.returncode == 1
    assert SAID["lib/postgresql/15/bin/initdb"] in done.stderr


def test_servers_that_are_told_of_need_no_program(machine: Machine) -> None:
    """With all three addresses only Python is asked for."""
    done = machine.start(
        DATABASE_URL="postgresql://db.example/x", AMQP_URL="amqp://mq", REDIS_URL="redis://r"
    )
    assert {text for text in SAID.values() if text in done.stderr} == {SAID["bin/python3.11"]}


def test_an_installation_that_fails_says_why_and_what_is_missing(machine: Machine) -> None:
    """Root without the network: apt-get's own words, and then the same lines."""
    machine.put("bin/id", "echo 0")
    machine.put("bin/apt-get", "echo 'E: Could not resolve deb.example' >&2; exit 100")
    done = machine.start()
    assert done.returncode == 1
    assert "E: Could not resolve deb.example" in done.stderr
    assert all(text in done.stderr for text in SAID.values())


@pytest.mark.parametrize("words", [("run", "booking"), ("worker",), ("migrate",)], ids=" ".join)
def test_a_process_without_its_settings_names_them_and_ends(words: tuple[str, ...]) -> None:
    """Elsewhere nothing is made up: a missing address or secret stops the start."""
    named = {
        "run": ("BOOKING_DATABASE_URL", "BOOKING_AMQP_URL", "BOOKING_SIGNING_KEY"),
        "worker": ("CELERY_AMQP_URL",),
        "migrate": ("MIGRATIONS_DATABASE_URL",),
    }[words[0]]
    done = subprocess.run(
        [sys.executable, "-m", "services", *words],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Attune cannot start" in done.stderr
    assert all(f"{name}: Field required" in done.stderr for name in named)
    assert "Traceback" not in done.stderr


def test_a_value_of_the_file_of_settings_may_stand_in_quotes(tmp_path: Path) -> None:
    """In either kind, as other tools write such files; quotes within it are its own."""
    lines = ['ATTUNE_PORT="9001"', "NOTIFY_SENDER='Ann \"A\" <a@b.example>'", 'ATTUNE_DEMO=0"']
    (tmp_path / ".env").write_text("\n".join(lines))
    read = f"here=.; . {CHECKOUT}/deploy/local/bootstrap.sh; printenv ATTUNE_PORT NOTIFY_SENDER"
    done = subprocess.run(
        ["bash", "-euc", f"{read} ATTUNE_DEMO"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["9001", 'Ann "A" <a@b.example>', '0"']
