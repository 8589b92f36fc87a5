"""The commands behind the Makefile's targets: `python -m deploy.local <command>`."""

import os
import shutil
import sys
from collections.abc import Callable

from deploy.local import doctor, environment, supervisor_process, welcome
from deploy.local.bring_up import StepFailed, bring_up
from deploy.local.commands import ServerMissing
from deploy.local.database_roles import RightsMissing
from deploy.local.preparation import AlreadyRunning, prepare
from deploy.local.readiness import NotReady
from deploy.local.run_directory import RunDirectory
from deploy.local.settings import CHECKOUT, SettingRefused, Settings, read_settings
from deploy.local.stack import open_stack
from deploy.local.supervision import Supervisor

#: `prepare` ends with this when there is nothing to do, and the wrapper leaves in peace.
RUNS_ALREADY = 3

TOLD = (SettingRefused, ServerMissing, StepFailed, NotReady, RightsMissing, FileNotFoundError)


def _prepare(settings: Settings, _words: list[str]) -> int:
    try:
        prepare(settings)
    except AlreadyRunning as running:
        print(running)
        return RUNS_ALREADY
    return 0


def _supervise(settings: Settings, _words: list[str]) -> int:
    supervisor_process.become(RunDirectory(settings.run_dir))
    return 1


def _bring_up(settings: Settings, _words: list[str]) -> int:
    stack = open_stack(settings)
    bring_up(stack)
    print(welcome.text(stack))
    return 0


def _stop(settings: Settings, words: list[str]) -> int:
    stopped = supervisor_process.stop(RunDirectory(settings.run_dir))
    if "--quiet" not in words:
        print("Stopped." if stopped else "Nothing was running.")
    return 0


def _status(settings: Settings, _words: list[str]) -> int:
    supervisor = Supervisor(RunDirectory(settings.run_dir))
    if not supervisor.is_running():
        print("Not running (`make run` starts it).")
        return 1
    for state in supervisor.states():
        print(f"{state.name:<12} {state.state:<10} {state.description}")
    print(welcome.addresses(open_stack(settings)))
    return 0


def _reset(settings: Settings, words: list[str]) -> int:
    run = RunDirectory(settings.run_dir)
    if Supervisor(run).is_running():
        print("Attune is running: `make stop` first.", file=sys.stderr)
        return 1
    if not run.secrets_file.exists():
        print(f"There is nothing to remove in {run.path}.")
        return 0
    if "--yes" not in words and not _agreed(run):
        print("Nothing was removed.")
        return 1
    supervisor_process.stop(run)
    remove(run)
    print("Removed.")
    return 0


def _agreed(run: RunDirectory) -> bool:
    print(f"This removes all data of the local stack in {run.path}: accounts, bookings, mails.")
    try:
        return input("Type `remove` to go on: ").strip() == "remove"
    except EOFError:
        return False


def remove(run: RunDirectory) -> None:
    """Remove a run directory and what had to lie elsewhere."""
    if run.postgres_home.parent != run.path:
        shutil.rmtree(run.postgres_home.parent, ignore_errors=True)
    if run.socket.parent != run.path:
        shutil.rmtree(run.socket.parent, ignore_errors=True)
    shutil.rmtree(run.path)


def _doctor(settings: Settings, _words: list[str]) -> int:
    return doctor.report(settings)


def _run_module(settings: Settings, words: list[str]) -> int:
    """Become `python -m <words>` with every right and address of the stack."""
    told = environment.operator(open_stack(settings))
    os.chdir(CHECKOUT)
    os.execve(sys.executable, [sys.executable, "-m", *words], told)


COMMANDS: dict[str, Callable[[Settings, list[str]], int]] = {
    "prepare": _prepare,
    "supervise": _supervise,
    "bring-up": _bring_up,
    "stop": _stop,
    "status": _status,
    "reset": _reset,
    "doctor": _doctor,
    "module": _run_module,
}


def main(words: list[str]) -> int:
    """Run one command; what a person can mend is told in plain words, without a traceback."""
    if not words or words[0] not in COMMANDS:
        print(f"usage: python -m deploy.local {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[words[0]](read_settings(), words[1:])
    except TOLD as told:
        print(f"\n{told}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
