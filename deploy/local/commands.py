"""What to start: a command with its environment, and how to end it."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: Every process of a stack carries the stack's run directory under this name, so that orphans
#: can be told from strangers. Only the supervisor and the test servers set it.
MARK = "ATTUNE_STACK_MEMBER"


class ServerMissing(Exception):
    """A server's program is not installed; the text says which and the ways out."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program in the foreground. `stop_signal` ends it in order, within `stop_seconds`."""

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path | None = None
    account: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = 10
    #: whether the signal goes to the children as well, or to the first process only
    stops_group: bool = True


def base_environment() -> dict[str, str]:
    """The little that every process gets; what else a person has exported stays outside."""
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    known = [*places, "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
    return {
        "PATH": os.pathsep.join(dict.fromkeys(known)),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
    }


def find_program(name: str, *folders: Path) -> Path | None:
    """A program in the named folders, else on the PATH."""
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return folder / name
    found = shutil.which(name, path=base_environment()["PATH"])
    return Path(found) if found else None
