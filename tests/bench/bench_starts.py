"""From one command to the first page: `python -m tests.bench.bench_starts [--strict]`.

A copy of the checkout as it is, without an environment, and an empty run directory: `make run`
until it says that the product is ready, with libraries, demo data and whatever servers the machine
lacks. Then it is stopped in order and started a second time. Prints JSON lines; `fetched` says what
of a bare machine's way was measured: libraries always, servers where they were missing.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from deploy.local import orphans
from deploy.local.commands import ServerMissing
from deploy.local.ports import free_port
from deploy.local.preparation import check_servers
from deploy.local.run_directory import RunDirectory
from deploy.local.servers import temporary_run_directory
from deploy.local.settings import CHECKOUT, read_settings
from tests.bench.report import Line, exit_code, print_lines

READY = "Ctrl-C stops it"
FIRST, SECOND = "first start", "second start"
GOALS = {FIRST: 180.0, SECOND: 30.0}
#: Who runs a bench behind a script ignores SIGINT, and a shell may not catch what it ignores.
AS_AT_A_TERMINAL = ("env", "--default-signal=INT")
STOP_SECONDS = 60


def copy_checkout(where: Path) -> None:
    """What Git knows of the checkout, as it is on disk."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (CHECKOUT / name).is_file():
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, where / name)


@contextmanager
def make_run(checkout: Path, run_dir: Path, port: int) -> Iterator[float]:
    """The seconds that `make run` took until it was ready; stopped at the end as by Ctrl-C."""
    told = {name: text for name, text in os.environ.items() if not name.startswith("ATTUNE_")}
    told = {name: text for name, text in told.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    told |= {"ATTUNE_RUN_DIR": str(run_dir), "ATTUNE_PORT": str(port)}
    began = monotonic()
    with subprocess.Popen(
        [*AS_AT_A_TERMINAL, "make", "--no-print-directory", "run"],
        cwd=checkout,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            _read_until_ready(process)
            yield monotonic() - began
            os.killpg(process.pid, signal.SIGINT)
            process.wait(STOP_SECONDS)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            orphans.end_all(RunDirectory(run_dir))


def _read_until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if READY in line:
            return
    raise SystemExit("".join(said[-20:]))


def told(what: str, seconds: float, **more: object) -> Line:
    """The line of one start."""
    goal = GOALS[what]
    line = {"bench": "P7", "what": what, "seconds": round(seconds, 1)}
    return line | more | {"goal": f"<= {goal:.0f}", "is_met": seconds <= goal}


def measure(checkout: Path, run_dir: Path) -> Iterator[Line]:
    """Both starts."""
    fetched = ["libraries"] if _has_servers() else ["libraries", "servers"]
    port = free_port()
    with make_run(checkout, run_dir, port) as seconds:
        yield told(FIRST, seconds, fetched=fetched)
    with make_run(checkout, run_dir, port) as seconds:
        yield told(SECOND, seconds)


def _has_servers() -> bool:
    try:
        check_servers(read_settings({}))
    except ServerMissing:
        return False
    return True


def main() -> int:
    """Copy, start, stop, start again; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    strict = parser.parse_args().strict
    with temporary_run_directory() as checkout, temporary_run_directory() as run_dir:
        copy_checkout(checkout)
        lines = list(measure(checkout, run_dir.resolve()))
    print_lines(lines)
    return exit_code(lines, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
