"""What a local run leaves on disk: mails, logins, secrets and data are their owner's alone."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.run_directory import write_private
from tests.security.visits.cast import Cast

OTHERS = stat.S_IRWXG | stat.S_IRWXO
#: The run directory itself: PostgreSQL's account, which its group is, may walk through.
WALK_THROUGH = stat.S_IXGRP


def open_to_others(folder: Path) -> Iterator[Path]:
    """Everything below a folder that anybody but its owner may read, write or enter."""
    for path in folder.rglob("*"):
        if not path.is_symlink() and path.stat().st_mode & OTHERS:
            yield path


def test_a_running_product_keeps_its_files_to_itself(cast: Cast) -> None:
    """Servers, stand-ins, applications and steps: each with mails, bookings and logins made."""
    run = cast.product.run
    assert list(open_to_others(run.path)) == []
    assert list(open_to_others(run.postgres_home)) == []
    for folder in (run.path / "mailbox", run.path / "stripe_twin", run.logs, run.postgres_home):
        assert list(folder.iterdir())
    assert list((run.path / "mailbox").glob("*.eml"))


def test_nobody_looks_around_in_the_run_directory(cast: Cast) -> None:
    """0700, or 0710 where root started it and PostgreSQL runs as somebody else."""
    mode = stat.S_IMODE(cast.product.run.path.stat().st_mode)
    assert mode & ~WALK_THROUGH == 0o700


def test_a_file_that_others_may_read_is_found(tmp_path: Path) -> None:
    """The twin: a readable file, in a folder that can be entered."""
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "open" / "mail").touch(mode=0o644)
    (tmp_path / "closed").touch(mode=0o600)
    assert {path.name for path in open_to_others(tmp_path)} == {"open", "mail"}


@pytest.mark.parametrize("was_open", [True, False])
def test_a_private_file_replaces_an_open_one(tmp_path: Path, *, was_open: bool) -> None:
    """As the demo's logins are written, whatever lay there before."""
    path = tmp_path / "logins.json"
    if was_open:
        path.touch(mode=0o644)
    write_private(path, "{}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "{}"
