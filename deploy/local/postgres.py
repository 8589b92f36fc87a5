"""A private PostgreSQL: loopback only, passwords by SCRAM, nothing personal in its log."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.local.commands import Command, ServerMissing, base_environment, find_program
from deploy.local.run_directory import POSTGRES_ACCOUNT, write_private
from deploy.local.stack import Stack

OLDEST = 15

#: Error details and parameters hold names and addresses: a log of this product has none.
CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C.UTF-8'
max_wal_size = 512MB
random_page_cost = 1.1
jit = off
log_line_prefix = '%m [%p] %u '
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""

ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"


def programs() -> Path:
    """The folder of initdb and postgres, newest first; raises ServerMissing."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders = sorted(debian, key=lambda path: -_number(path.parent.name))
    initdb = find_program("initdb", *folders)
    if initdb is None or version(initdb.parent) < OLDEST:
        raise ServerMissing(f"PostgreSQL {OLDEST} or newer is not installed (Debian: postgresql).")
    return initdb.parent


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0


def version(folder: Path) -> int:
    """The major version of the programs in a folder."""
    told = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True)
    return _number(told.stdout)


def account() -> str | None:
    """Whom PostgreSQL runs as: its own account when we are root, else us."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(POSTGRES_ACCOUNT).pw_name
    except KeyError:
        raise ServerMissing(
            f"PostgreSQL refuses to run as root, and there is no account {POSTGRES_ACCOUNT!r}."
        ) from None


def prepare(stack: Stack) -> None:
    """Make the cluster where there is none, and write its configuration anew."""
    _make_folders(stack)
    data = stack.postgres_data
    if not (data / "PG_VERSION").exists():
        _initialise(stack)
    _forget_dead_postmaster(data)
    _write(data / "postgresql.conf", CONFIGURATION.format(port=stack.ports["postgres"]))
    _write(data / "pg_hba.conf", ACCESS)


def _make_folders(stack: Stack) -> None:
    home = stack.run.postgres_home
    home.mkdir(parents=True, exist_ok=True)
    _give(home)
    home.chmod(0o700)


def _give(path: Path) -> None:
    owner = account()
    if owner:
        shutil.chown(path, owner, owner)


def _write(path: Path, text: str) -> None:
    write_private(path, text)
    _give(path)


def _initialise(stack: Stack) -> None:
    """initdb into a folder beside, then rename: a half-made cluster is never taken for one."""
    draft = stack.run.postgres_home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w") as password:
        password.write(stack.secrets["database.admin"])
        password.flush()
        _give(Path(password.name))
        options = ("--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        access = ("--auth=scram-sha-256", f"--pwfile={password.name}")
        argv = as_account(str(programs() / "initdb"), "-D", str(draft), *options, *access)
        done = subprocess.run(
            argv, cwd="/", env=base_environment(), capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()}")
    draft.rename(stack.postgres_data)


def as_account(*argv: str) -> tuple[str, ...]:
    """The same command under PostgreSQL's account, when we are root."""
    owner = account()
    if owner is None:
        return argv
    return ("setpriv", f"--reuid={owner}", f"--regid={owner}", "--init-groups", *argv)


def _forget_dead_postmaster(data: Path) -> None:
    """A pid file left by `kill -9` stops the start when a stranger has got that pid since."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = _number(pid_file.read_text().splitlines()[0])
    cwd = Path(f"/proc/{pid}/cwd")
    if not (cwd.exists() and cwd.resolve() == data.resolve()):
        pid_file.unlink()


def server(stack: Stack) -> Command:
    """PostgreSQL in the foreground. SIGINT is its fast shutdown: it does not wait for clients."""
    argv = (str(programs() / "postgres"), "-D", str(stack.postgres_data))
    return Command(
        argv,
        base_environment(),
        stack.run.postgres_home,
        account=account(),
        stop_signal="INT",
        stop_seconds=20,
        stops_group=False,
    )
