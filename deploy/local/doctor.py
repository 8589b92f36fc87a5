"""One line per check, each with the way to mend it; the exit code tells whether all is well."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from deploy.local import environment, orphans, postgres, programs, readiness
from deploy.local.commands import ServerMissing
from deploy.local.ports import is_free
from deploy.local.preparation import check_servers
from deploy.local.run_directory import RunDirectory
from deploy.local.settings import CHECKOUT, Settings
from deploy.local.stack import Stack, open_stack
from deploy.local.supervision import ProcessState, Supervisor

#: Below this a database may stop in the middle of a write.
ENOUGH_DISK = 1_000_000_000

#: The supervisor starts what dies; from so many deaths in ten minutes on it is told of.
MANY_DEATHS = 3
LOOK_BACK = timedelta(minutes=10)
#: How supervisord notes an end that nobody asked for.
ENDED = re.compile(r"(?P<at>\S+ \S+) WARN exited: (?P<name>\w+) ")

#: The supervisor's words for what it does not start again by itself.
GIVEN_UP = ("STOPPED", "EXITED", "FATAL")
START_ANEW = "`make stop` and `make run` start it again"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it is well, what was seen, and how to mend it."""

    name: str
    is_well: bool
    seen: str
    mend: str = ""

    def line(self) -> str:
        """`ok` or `BAD`, and in the bad case the way to mend it."""
        told = f"{'ok ' if self.is_well else 'BAD'}  {self.name:<14} {self.seen}"
        return told if self.is_well or not self.mend else f"{told} -> {self.mend}"


def checks(settings: Settings) -> Iterator[Check]:
    """Every check of this stack, the cheap ones first."""
    run = RunDirectory(settings.run_dir)
    yield _python()
    yield _libraries()
    yield _server_programs(settings)
    yield _disk(run)
    is_running = Supervisor(run).is_running()
    yield from _running(settings, run) if is_running else _at_rest(settings, run)


def _python() -> Check:
    seen = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", sys.version_info[:2] == (3, 11), seen, "install Python 3.11")


def _libraries() -> Check:
    stamp = CHECKOUT / ".venv/.requirements-lock.sha256"
    current = subprocess.run(
        ["sha256sum", CHECKOUT / "requirements.lock"], capture_output=True, text=True, check=False
    ).stdout.split(" ")[0]
    is_current = stamp.exists() and stamp.read_text().strip() == current
    seen = "as locked" if is_current else "not as in requirements.lock"
    return Check("libraries", is_current, seen, "make setup")


def _server_programs(settings: Settings) -> Check:
    try:
        check_servers(settings)
        seen = f"PostgreSQL {postgres.version(postgres.programs())}, RabbitMQ, Redis installed"
        return Check("servers", True, seen if settings.database_url is None else "as needed")
    except ServerMissing as missing:
        return Check("servers", False, str(missing).splitlines()[0], "see `make run`")


def _disk(run: RunDirectory) -> Check:
    place = next(path for path in (run.path, *run.path.parents) if path.exists())
    free = shutil.disk_usage(place).free
    return Check("disk", free > ENOUGH_DISK, f"{free // 1_000_000} MB free", "free 1 GB or more")


def _at_rest(settings: Settings, run: RunDirectory) -> Iterator[Check]:
    free = is_free(settings.port)
    seen = f"port {settings.port} is {'free' if free else 'taken by another program'}"
    yield Check("web port", free, seen, "set ATTUNE_PORT")
    left = orphans.members(run) if run.path.exists() else set()
    yield Check("leftovers", not left, f"{len(left)} processes of an earlier start", "make stop")
    yield Check("stack", False, "not running", "make run")


def _running(settings: Settings, run: RunDirectory) -> Iterator[Check]:
    stack = open_stack(settings)
    died = deaths(run, datetime.now() - LOOK_BACK)  # noqa: DTZ005 - supervisord logs local time
    for state in Supervisor(run).states():
        yield _process(state, died[state.name])
    yield _answer(stack, "database", readiness.database_answers, "make logs SERVICE=postgres")
    yield _answer(stack, "broker", readiness.broker_answers, "make logs SERVICE=rabbitmq")
    yield _answer(stack, "logins store", readiness.redis_answers, "make logs SERVICE=redis")
    if any(program.name == "gateway" for program in programs.wanted(stack)):
        url = f"http://127.0.0.1:{stack.ports['web']}/readyz"
        is_ready = readiness.answers_200(url)
        seen = f"{url} {'answers 200' if is_ready else 'does not answer 200'}"
        yield Check("readyz", is_ready, seen, "make logs SERVICE=gateway")


def _process(state: ProcessState, died: int) -> Check:
    """Whether it runs, and stays up."""
    seen, mend = f"{state.state} {state.description}", f"make logs SERVICE={state.name}"
    if state.state in GIVEN_UP:
        mend = f"{mend} says why, {START_ANEW}"
    if died >= MANY_DEATHS:
        seen += f", ended {died} times in the last ten minutes"
    return Check(state.name, state.state == "RUNNING" and died < MANY_DEATHS, seen, mend)


def deaths(run: RunDirectory, since: datetime) -> Counter[str]:
    """How often each process ended unasked since then (local time), as the supervisor noted it."""
    log = run.logs / "supervisord.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    found = (ENDED.match(line) for line in lines)
    return Counter(
        ended["name"]
        for ended in found
        if ended and datetime.fromisoformat(ended["at"].replace(",", ".")) >= since
    )


def _answer(stack: Stack, name: str, probe: Callable[[Stack], bool], mend: str) -> Check:
    answers = probe(stack)
    return Check(name, answers, "answers" if answers else "does not answer", mend)


def report(settings: Settings) -> int:
    """Print every check; then what the services say of their own data. 0 when all is well."""
    found = []
    for check in checks(settings):
        print(check.line())
        found.append(check)
    all_well = all(check.is_well for check in found)
    has_database = any(check.name == "database" and check.is_well for check in found)
    if has_database and settings.apps:
        told = environment.operator(open_stack(settings))
        argv = [sys.executable, "-m", "services", "doctor"]
        done = subprocess.run(argv, cwd=CHECKOUT, env=told, check=False)
        all_well = all_well and done.returncode == 0
    return 0 if all_well else 1
