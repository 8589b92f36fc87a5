"""Processes of one run directory that nobody supervises any more.

Told by what the kernel says of a process, never by its name: the mark in its environment, or,
for PostgreSQL's children, who overwrite theirs, by the cluster they work in.
"""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from deploy.local.commands import MARK
from deploy.local.run_directory import RunDirectory


def members(run: RunDirectory) -> set[int]:
    """The pids of every process that belongs to a run directory, supervisord included."""
    mark = os.fsencode(f"{MARK}={run.path}")
    data = run.postgres_home / "data"
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return {pid for pid in pids if pid != os.getpid() and _belongs(pid, mark, data)}


def _belongs(pid: int, mark: bytes, data: Path) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        if _is_dead(process):
            return False
        if mark in (process / "environ").read_bytes().split(b"\0"):
            return True
        return (process / "cwd").readlink() == data and _is_postgres(process)
    except OSError:
        return False


def _is_postgres(process: Path) -> bool:
    return (process / "exe").readlink().name == "postgres"


def _is_dead(process: Path) -> bool:
    """A zombie waits for its parent only; nobody can end it any further."""
    return (process / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"


def end_all(run: RunDirectory, patience: float = 10) -> set[int]:
    """End every process of the run directory; returns the pids that were found."""
    found = members(run)
    _signal(found, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while (left := members(run)) and time.monotonic() < deadline:
        time.sleep(0.1)
    while left := members(run):
        _signal(left, signal.SIGKILL)
        time.sleep(0.1)
    return found


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
