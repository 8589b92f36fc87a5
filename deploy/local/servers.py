"""Private servers for tests, without a supervisor: PostgreSQL, RabbitMQ and Redis in seconds."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local import database_roles, orphans, postgres, rabbitmq, readiness, redis_server
from deploy.local.commands import MARK, Command
from deploy.local.ports import free_port
from deploy.local.preparation import check_servers, prepare_servers
from deploy.local.run_directory import PRIVATE_UMASK, RunDirectory
from deploy.local.settings import Settings
from deploy.local.stack import Stack, open_stack, prepare_stack

#: What starts for each server, in order, and how to tell that it is ready.
STARTS: dict[str, tuple[tuple[str, Callable[[Stack], Command]], ...]] = {
    "rabbitmq": (("epmd", rabbitmq.epmd), ("rabbitmq", rabbitmq.server)),
    "postgres": (("postgres", postgres.server),),
    "redis": (("redis", redis_server.server),),
}
PROBES: dict[str, Callable[[Stack], bool]] = {
    "rabbitmq": readiness.broker_answers,
    "postgres": readiness.database_answers,
    "redis": readiness.redis_answers,
}
ALL = tuple(STARTS)


class Servers:
    """Servers of one run directory, with users, roles and schemas as in the product.

    `names` chooses among `postgres`, `rabbitmq` and `redis`. `is_durable=False` lets PostgreSQL
    skip flushing to disk: faster, and safe against killed processes all the same.
    """

    def __init__(
        self, run_dir: Path, *, names: Sequence[str] = ALL, is_durable: bool = True
    ) -> None:
        settings = Settings(run_dir=run_dir.resolve(), port=free_port())
        check_servers(settings)
        orphans.end_all(RunDirectory(settings.run_dir))
        self.names = tuple(names)
        self.is_durable = is_durable
        self.stack = prepare_stack(settings)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, seconds: float = 60) -> None:
        """Start all, wait for all, make roles and schemas."""
        prepare_servers(self.stack)
        for name in self.names:
            self._launch(name)
        for name in self.names:
            self.wait_until_ready(name, seconds)
        if "postgres" in self.names:
            database_roles.provision(self.stack)

    def _launch(self, name: str) -> None:
        for process, command in STARTS[name]:
            if process not in self._processes or self._processes[process].poll() is not None:
                self._processes[process] = self._open(process, command(self.stack))

    def _open(self, name: str, command: Command) -> subprocess.Popen[bytes]:
        argv = command.argv
        if name == "postgres":
            argv = postgres.as_account(*argv, *(() if self.is_durable else ("-c", "fsync=off")))
        environment = {**command.environment, MARK: str(self.stack.run.path)}
        with self.stack.run.open_log(name) as log:
            return subprocess.Popen(
                argv,
                cwd=command.directory or self.stack.run.path,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=PRIVATE_UMASK,
            )

    def wait_until_ready(self, name: str, seconds: float = 60) -> None:
        """Until a server answers; raises NotReady."""
        readiness.wait_for(name, lambda: PROBES[name](self.stack), seconds)

    def kill9(self, name: str) -> None:
        """End a server as a power cut would; its files stay as they are."""
        for process, _command in STARTS[name]:
            running = self._processes.pop(process)
            os.killpg(running.pid, signal.SIGKILL)
            running.wait(10)

    def restart(self, name: str, seconds: float = 60) -> None:
        """Start a killed server again and wait for it."""
        prepare_servers(self.stack)
        self._launch(name)
        self.wait_until_ready(name, seconds)

    def discard(self) -> None:
        """End all at once, as nobody needs their data; nothing of the run directory runs
        afterwards. PostgreSQL alone is told to leave: killed, it would leave shared memory."""
        for name, process in self._processes.items():
            process.send_signal(signal.SIGQUIT if name == "postgres" else signal.SIGKILL)
        orphans.end_all(self.stack.run, patience=5)
        for process in self._processes.values():
            process.wait(10)
        self._processes.clear()


@contextmanager
def temporary_run_directory(prefix: str = "attune-") -> Iterator[Path]:
    """A folder for a stack, removed at the end."""
    path = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def running_servers(*, names: Sequence[str] = ALL, is_durable: bool = False) -> Iterator[Servers]:
    """Servers in a temporary folder for the length of a `with` block."""
    with temporary_run_directory() as path:
        servers = Servers(path, names=names, is_durable=is_durable)
        try:
            servers.start()
            yield servers
        finally:
            servers.discard()


def joined_stack(source: Mapping[str, str] = os.environ) -> Stack | None:
    """The running stack that ATTUNE_TEST_STACK names (its run directory), if it does."""
    place = source.get("ATTUNE_TEST_STACK")
    if not place:
        return None
    run = RunDirectory(Path(place).resolve())
    return open_stack(Settings(run_dir=run.path, port=0))
