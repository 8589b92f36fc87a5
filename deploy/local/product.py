"""The whole product in a folder of its own, for tests: started, killed, restarted, ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.local import environment, orphans, readiness, supervisor_process, welcome
from deploy.local.bring_up import bring_up, wait_until_ready
from deploy.local.ports import free_port
from deploy.local.preparation import prepare
from deploy.local.run_directory import PRIVATE_UMASK, RunDirectory
from deploy.local.servers import joined_stack, temporary_run_directory
from deploy.local.settings import CHECKOUT, read_settings
from deploy.local.stack import Stack
from deploy.local.supervision import Supervisor
from deploy.local.welcome import Login


class Product:
    """Everything that `make run` starts, on free ports, with data below `run_dir`.

    `told` holds settings as the environment would: `ATTUNE_DEMO=0` leaves the demo out,
    `ATTUNE_APPS=none` everything but servers and stand-ins; other names that begin with ATTUNE_,
    GATEWAY_ or a service's name reach the applications. The environment itself is not read.
    """

    stack: Stack

    def __init__(
        self, run_dir: Path, *, port: int | None = None, told: Mapping[str, str] | None = None
    ) -> None:
        self.run = RunDirectory(run_dir.resolve())
        self.port = port or free_port()
        self.told = dict(told or {})
        self._supervisord: subprocess.Popen[bytes] | None = None

    @classmethod
    def joined(cls, stack: Stack) -> "Product":
        """A product that somebody else has started; `stop` leaves it alone."""
        product = cls(stack.run.path, port=stack.ports["web"])
        product.stack = stack
        return product

    def start(self, seconds: float = 120) -> None:
        """Start it and wait until /readyz answers 200; raises StepFailed with the log's end."""
        own = {"ATTUNE_RUN_DIR": str(self.run.path), "ATTUNE_PORT": str(self.port)}
        self.stack = prepare(read_settings(self.told | own), say=_silently)
        argv, told = supervisor_process.command(self.run)
        self._supervisord = subprocess.Popen(
            argv,
            env=told,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            umask=PRIVATE_UMASK,
        )
        bring_up(self.stack, say=_silently, seconds=seconds)

    def stop(self) -> None:
        """End it in order; nothing of it runs afterwards."""
        if self._supervisord is not None:
            supervisor_process.stop(self.run)
            self._supervisord.wait(10)
            self._supervisord = None

    def discard(self) -> None:
        """End it at once where nobody needs its data. PostgreSQL alone leaves in order: killed, it
        would leave shared memory behind."""
        doomed = []
        if self.supervisor.is_running():
            doomed = [one.pid for one in self.supervisor.states() if one.name != "postgres"]
        self.kill9_supervisor()
        for pid in filter(None, doomed):
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        orphans.end_all(self.run)

    def kill9_supervisor(self) -> None:
        """SIGKILL to supervisord alone: its children live on without anybody to watch them."""
        if self._supervisord is not None:
            self._supervisord.kill()
            self._supervisord.wait(10)
            self._supervisord = None

    def kill9_everything(self) -> None:
        """SIGKILL to every process, supervisord first: what a power cut leaves behind."""
        self.kill9_supervisor()
        while left := orphans.members(self.run):
            for pid in left:
                _kill(pid)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mailbox_url(self) -> str:
        return self.stack.mailbox_url

    @property
    def twin_url(self) -> str:
        return self.stack.twin_url

    @property
    def logins(self) -> dict[str, Login]:
        """The demo logins by kind of person."""
        return {login["kind"]: login for login in welcome.logins(self.stack)}

    @property
    def environment(self) -> dict[str, str]:
        """Every address and secret, for commands and for looking behind the curtain."""
        return environment.operator(self.stack)

    @property
    def supervisor(self) -> Supervisor:
        return Supervisor(self.run)

    def kill9(self, name: str) -> int:
        """SIGKILL to a process and its children; the supervisor starts it again. Its old pid."""
        pid = self.supervisor.state(name).pid
        os.killpg(pid, signal.SIGKILL)
        return pid

    def stop_process(self, name: str) -> None:
        """End one process in order; it stays down until `start_process`."""
        self.supervisor.stop(name)

    def start_process(self, name: str, seconds: float = 60) -> None:
        """Start a stopped process and wait until it has run for three seconds."""
        self.supervisor.start(name)
        self.wait_until_up(name, seconds)

    def restart(self, name: str, seconds: float = 60) -> None:
        """End one process in order and start it again."""
        self.stop_process(name)
        self.start_process(name, seconds)

    def wait_until_up(self, name: str, seconds: float = 60, *, instead_of: int = 0) -> None:
        """Until the supervisor calls it running, under another pid than `instead_of`."""

        def is_up() -> bool:
            state = self.supervisor.state(name)
            return state.state == "RUNNING" and state.pid != instead_of

        readiness.wait_for(name, is_up, seconds)

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Until /readyz answers 200."""
        wait_until_ready(self.stack, seconds)

    def command(self, *words: str, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
        """Run `python -m <words>` with every right of the stack; its output is captured."""
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )


def _silently(_line: str) -> None:
    """Tests read their own output."""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def running_product(
    *, port: int | None = None, told: Mapping[str, str] | None = None, may_join: bool = True
) -> Iterator[Product]:
    """The product for the length of a `with` block: the one ATTUNE_TEST_STACK names, or our own.

    `may_join=False` always starts one: for tests that kill things or change settings.
    """
    joined = joined_stack() if may_join else None
    if joined is not None:
        yield Product.joined(joined)
        return
    with temporary_run_directory() as path:
        product = Product(path, port=port, told=told)
        try:
            product.start()
            yield product
        finally:
            product.discard()
