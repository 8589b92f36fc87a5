"""Starting and ending supervisord itself."""

import os
import signal
import sys
import time
from pathlib import Path

from deploy.local import orphans
from deploy.local.commands import MARK, base_environment
from deploy.local.run_directory import PRIVATE_UMASK, RunDirectory
from deploy.local.supervision import Supervisor


def command(run: RunDirectory) -> tuple[tuple[str, ...], dict[str, str]]:
    """Argv and environment of supervisord in the foreground."""
    argv = (sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(run.supervisor_config))
    return argv, base_environment() | {MARK: str(run.path)}


def become(run: RunDirectory) -> None:
    """Turn this process into supervisord, in a session of its own: Ctrl-C goes to the wrapper."""
    os.setsid()
    os.umask(PRIVATE_UMASK)
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    argv, environment = command(run)
    os.execve(argv[0], argv, environment)


def stop(run: RunDirectory, seconds: float = 60) -> bool:
    """End everything in order, then whatever is left; returns whether there was anything."""
    supervisor = Supervisor(run)
    was_running = supervisor.is_running()
    if was_running:
        _shut_down(supervisor, seconds)
    left = orphans.end_all(run)
    run.socket.unlink(missing_ok=True)
    return was_running or bool(left)


def _shut_down(supervisor: Supervisor, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    try:
        pid = supervisor.pid()
        os.kill(pid, signal.SIGTERM)
        while _is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
    except (OSError, ConnectionError):
        return


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
