"""`python -m deploy.local.crashing run billing`: `python -m services …`, with points to die at.

While the folder `crash_points` is in the run directory, every point that is passed is noted in its
file `passed`, and a file with a point's name is the order to die there: the first to come by takes
it away and is killed, as by `kill -9`. Points are `before` and `after` each `publish EVENT`, each
`call FUNCTION` to a foreign system, and each `commit FUNCTION` that writes anything.
"""

import inspect
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

from services import __main__ as house

FOLDER = "crash_points"
ALLOWED_IN = ("local", "test")
COMMIT = "attune.commit"


def main(arguments: list[str]) -> None:
    """Watch, then be the process that was asked for."""
    if os.environ.get("ATTUNE_ENV", "production") not in ALLOWED_IN:
        sys.exit("ATTUNE_ENV: processes die on purpose in tests and the local stack only.")
    if arguments[:1] == ["run"]:
        house.cooperate()
    Watch(Path(os.environ["ATTUNE_RUN_DIR"]) / FOLDER).begin()
    house.main(arguments)


class Watch:
    """Sees every point that this process passes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self) -> None:
        """From now on. Commits are found through SQLAlchemy's own events."""
        # Imported here: eventlet must have patched the process first.
        from sqlalchemy import event
        from sqlalchemy.orm import Session

        from services.common import crash_points

        crash_points.watchers.append(self._see)
        event.listen(Session, "before_commit", self._before_commit)
        event.listen(Session, "after_commit", self._after_commit)

    def _see(self, point: str) -> None:
        if self._folder.is_dir():
            self._pass(f"{point} {_asking()}" if point.endswith(" call") else point)

    def _before_commit(self, tx: object) -> None:
        """A transaction that wrote nothing commits nothing; a savepoint is no end."""
        from sqlalchemy import text
        from sqlalchemy.orm import Session

        assert isinstance(tx, Session)
        if tx.in_nested_transaction() or not self._folder.is_dir():
            return
        tx.flush()
        if tx.scalar(text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")):
            tx.info[COMMIT] = _asking()
            self._pass(f"before commit {tx.info[COMMIT]}")

    def _after_commit(self, tx: object) -> None:
        from sqlalchemy.orm import Session

        assert isinstance(tx, Session)
        if not tx.in_nested_transaction() and (name := tx.info.pop(COMMIT, "")):
            self._pass(f"after commit {name}")

    def _pass(self, point: str) -> None:
        with (self._folder / "passed").open("a") as passed:
            passed.write(f"{point}\n")
        with suppress(FileNotFoundError):
            (self._folder / point).unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def _asking() -> str:
    """The function whose `with` block it is, and which of its blocks from the second one on."""
    frame = inspect.currentframe()
    while frame and not _is_asking(frame):
        frame = frame.f_back
    return _name(frame) if frame else "nobody"


def _is_asking(frame: FrameType) -> bool:
    """A function of the house; what helps with the block (a generator) is aside."""
    module = str(frame.f_globals.get("__name__"))
    return module.startswith("services.") and not frame.f_code.co_flags & inspect.CO_GENERATOR


def _name(frame: FrameType) -> str:
    """`billing.refunds.make_refund 2`; in the kit, of the service and the handler at work."""
    _, service, *_, module = frame.f_globals["__name__"].split(".")
    told, function = frame.f_locals, frame.f_code.co_qualname
    if "runtime" in told and "method" in told:
        return f"{told['runtime'].name}.{told['method'].__name__}"
    if service == "common":
        runtime = told.get("runtime") or told["self"].runtime
        return f"{runtime.name}.{frame.f_code.co_name}"
    lines, first = inspect.getsourcelines(frame.f_code)
    rank = sum(_opens(line) for line in lines[: frame.f_lineno - first + 1])
    return f"{service}.{module}.{function}" + (f" {rank}" if rank > 1 else "")


def _opens(line: str) -> bool:
    return any(f"{way}(" in line for way in (".transaction", ".plumbing", "clear", ".around"))


if __name__ == "__main__":
    main(sys.argv[1:])
