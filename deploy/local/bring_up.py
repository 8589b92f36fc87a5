"""From a running supervisor to a product that answers: the order of a start."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from deploy.local import database_roles, environment, programs, readiness
from deploy.local.names import SERVICES
from deploy.local.run_directory import PRIVATE_UMASK
from deploy.local.settings import CHECKOUT
from deploy.local.stack import Stack
from deploy.local.supervision import Supervisor

Say = Callable[[str], None]


#: The supervisor's words for a process that does not stay up.
DYING = ("BACKOFF", "EXITED", "FATAL")


class StepFailed(Exception):
    """A step of the start failed; the text ends with the last lines of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is waited for: its process, its name, the setting that names one that is there
    already, and what it says of why it does not answer."""

    process: str
    name: str
    setting: str
    trouble: Callable[[Stack], str]

    def is_given(self, stack: Stack) -> bool:
        """Whether it is somebody else's to start."""
        return getattr(stack.settings, self.setting.lower()) is not None


DATABASE = Server("postgres", "PostgreSQL", "DATABASE_URL", readiness.database_trouble)
BROKER = Server("rabbitmq", "RabbitMQ", "AMQP_URL", readiness.broker_trouble)
REDIS = Server("redis", "Redis", "REDIS_URL", readiness.redis_trouble)


def bring_up(stack: Stack, say: Say = print, seconds: float = 120) -> None:
    """Check the settings of all, wait for the servers, migrate, declare, load the demo, start the
    apps, wait for /readyz.

    Raises StepFailed, NotReady or RightsMissing; what was started keeps running.
    """
    supervisor = Supervisor(stack.run)
    readiness.wait_for("the supervisor", supervisor.is_running, 15)
    _check_settings(stack)
    with ThreadPoolExecutor(2) as both:
        chains = (both.submit(_database, stack, say), both.submit(_broker, stack, say))
        for chain in chains:
            chain.result()
    _wait_for_server(stack, REDIS)
    _wait_for_stand_ins(stack)
    _load_demo(stack, say)
    _start_apps(stack, supervisor, say, seconds)


def _check_settings(stack: Stack) -> None:
    """A setting that a process cannot use is said before anything waits for that process."""
    if stack.settings.apps:
        run_module(stack, "settings", environment.operator(stack), "services", "settings")


def _wait_for_server(stack: Stack, server: Server) -> None:
    if server.is_given(stack):
        wait_for_given(stack, server)
    else:
        _wait(stack, server.process, server.name, lambda it: not server.trouble(it))


def wait_for_given(stack: Stack, server: Server, seconds: float = 15) -> None:
    """A server that is there already answers soon; raises StepFailed naming its setting and why."""
    try:
        readiness.wait_for(server.name, lambda: not server.trouble(stack), seconds, pause=0.5)
    except readiness.NotReady:
        raise StepFailed(
            f"{server.setting}: this {server.name} does not answer: {server.trouble(stack)}\n"
            f"Mend {server.setting}, or leave it empty for a private {server.name}."
        ) from None


def _wait(stack: Stack, name: str, what: str, probe: Callable[[Stack], bool]) -> None:
    """Up to 60 s, or 15 s for a process that keeps dying."""
    for patience in (15, 45):
        try:
            return readiness.wait_for(what, lambda: probe(stack), patience)
        except readiness.NotReady as not_ready:
            late = not_ready
        if name in _dying(stack):
            break
    raise StepFailed(f"{late}\n{last_lines(stack, name)}")


def _dying(stack: Stack) -> list[str]:
    return [state.name for state in Supervisor(stack.run).states() if state.state in DYING]


def _database(stack: Stack, say: Say) -> None:
    _wait_for_server(stack, DATABASE)
    database_roles.provision(stack)
    if not stack.settings.apps:
        return
    say("Database ready; migrating.")
    built = [name for name in SERVICES if (CHECKOUT / f"services/{name}/migrations").is_dir()]
    if built:
        run_module(stack, "migrate", environment.migrations(stack), "services", "migrate", *built)


def _broker(stack: Stack, say: Say) -> None:
    _wait_for_server(stack, BROKER)
    if not stack.settings.apps:
        return
    say("Broker ready; declaring queues.")
    run_module(stack, "declare", environment.operator(stack), "services", "declare")


def _wait_for_stand_ins(stack: Stack) -> None:
    addresses = {"stripe_twin": stack.twin_url, "mailbox": stack.mailbox_url}
    for program in programs.wanted(stack, "standins"):
        _wait(stack, program.name, program.name, partial(_answers, addresses[program.name]))


def _answers(url: str, _stack: Stack) -> bool:
    return readiness.answers_at_all(url)


def _load_demo(stack: Stack, say: Say) -> None:
    """Demo people live in private databases only."""
    if not (stack.has_own_database and stack.settings.has_demo and stack.settings.apps):
        return
    say("Loading demo data.")
    run_module(stack, "load_demo", environment.operator(stack), "deploy.local.load_demo")


def run_module(stack: Stack, step: str, told: Mapping[str, str], module: str, *words: str) -> None:
    """Run one step to its end, its output in <run>/logs/<step>.log; raises StepFailed."""
    path = CHECKOUT / module.replace(".", "/")
    if not (path / "__main__.py").exists() and not path.with_suffix(".py").exists():
        return
    with stack.run.open_log(step) as log:
        done = subprocess.run(
            (sys.executable, "-m", module, *words),
            cwd=CHECKOUT,
            env=dict(told),
            stdout=log,
            stderr=log,
            timeout=300,
            check=False,
            umask=PRIVATE_UMASK,
        )
    if done.returncode != 0:
        raise StepFailed(f"`{module} {' '.join(words)}` failed.\n{last_lines(stack, step)}")


def last_lines(stack: Stack, name: str, count: int = 15) -> str:
    """The end of a log, with its path."""
    path = stack.run.logs / f"{name}.log"
    if not path.exists():
        return f"There is no {path} yet."
    lines = path.read_text(errors="replace").splitlines()[-count:]
    return "\n".join((f"The end of {path}:", *(f"  {line}" for line in lines)))


def _start_apps(stack: Stack, supervisor: Supervisor, say: Say, seconds: float) -> None:
    apps = [program.name for program in programs.wanted(stack, "apps")]
    if not apps:
        return
    say("Starting the services.")
    supervisor.start_group("apps")
    if "gateway" in apps:
        wait_until_ready(stack, seconds)


def wait_until_ready(stack: Stack, seconds: float) -> None:
    """Until the gateway's /readyz answers 200; raises StepFailed with what does not run.

    A process that still dies after a quarter of the time is not waited for any longer.
    """
    url = f"http://127.0.0.1:{stack.settings.port}/readyz"
    for patience in (seconds / 4, 3 * seconds / 4):
        try:
            readiness.wait_for(url, lambda: readiness.answers_200(url), patience, pause=0.2)
        except readiness.NotReady:
            down = _dying(stack)
        else:
            return
        if down:
            break
    logs = "\n".join(last_lines(stack, name) for name in down or ["gateway"])
    what = f"Not running: {', '.join(down)}." if down else f"Everything runs; look at {url}."
    raise StepFailed(f"Attune did not become ready. {what}\n{logs}")
