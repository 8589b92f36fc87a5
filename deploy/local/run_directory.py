"""Where one stack keeps its files. Everything that could clash with a second checkout is here."""

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

#: Debian's package makes this account; PostgreSQL refuses to run as root.
POSTGRES_ACCOUNT = "postgres"

#: What processes of a stack are started with: their files are their owner's alone.
PRIVATE_UMASK = 0o077

#: sockaddr_un holds 108 bytes, and supervisord first binds a longer name beside the final one.
LONGEST_SOCKET_PATH = 90


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """The files of one stack below an absolute path."""

    path: Path

    @property
    def fingerprint(self) -> str:
        """A short name for this run directory, for paths that must lie elsewhere."""
        return hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def ports_file(self) -> Path:
        return self.path / "ports.json"

    @property
    def logins_file(self) -> Path:
        """Written by the demo loader: one login for each kind of person."""
        return self.path / "demo_logins.json"

    @property
    def supervisor_config(self) -> Path:
        return self.path / "supervisord.conf"

    @property
    def supervisor_pid(self) -> Path:
        return self.path / "supervisord.pid"

    @property
    def socket(self) -> Path:
        """The supervisor's control socket; under the temp directory when the path is too long."""
        near = self.path / "supervisor.sock"
        return near if len(os.fsencode(near)) <= LONGEST_SOCKET_PATH else self._far_socket

    @property
    def _far_socket(self) -> Path:
        folder = f"attune-{os.geteuid()}-{self.fingerprint}"
        return Path(tempfile.gettempdir()) / folder / "supervisor.sock"

    @property
    def postgres_home(self) -> Path:
        """PostgreSQL's folder: elsewhere when its account cannot walk down to the run directory."""
        remembered = self.path / "postgres_home"
        if remembered.exists():
            return Path(remembered.read_text().strip())
        return self.path / "postgres"

    def create(self) -> None:
        """Make the folders, ours alone."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._close_to_others()
        self.logs.mkdir(exist_ok=True)
        self.logs.chmod(0o700)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        if self.socket.parent.stat().st_uid != os.geteuid():
            raise PermissionError(f"{self.socket.parent} belongs to somebody else")
        self._remember_postgres_home()

    def _close_to_others(self) -> None:
        """0700; started by root, PostgreSQL's own account walks through and cannot look around."""
        if os.geteuid() == 0 and has_postgres_account():
            shutil.chown(self.path, group=pwd.getpwnam(POSTGRES_ACCOUNT).pw_gid)
            self.path.chmod(0o710)
        else:
            self.path.chmod(0o700)

    def _remember_postgres_home(self) -> None:
        remembered = self.path / "postgres_home"
        if remembered.exists() or os.geteuid() != 0 or can_walk_to(self.path):
            return
        write_private(remembered, f"/var/lib/attune-{self.fingerprint}/postgres\n")

    def open_log(self, name: str) -> IO[bytes]:
        """The log of a process or a step, to add to."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.fdopen(os.open(self.logs / f"{name}.log", flags, 0o600), "ab")

    def read_json(self, path: Path) -> dict[str, str]:
        """The object kept in a file of ours; empty when there is none yet."""
        return dict(json.loads(path.read_text())) if path.exists() else {}


def write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def has_postgres_account() -> bool:
    """Whether there is the account that PostgreSQL runs as when root starts it."""
    return any(entry.pw_name == POSTGRES_ACCOUNT for entry in pwd.getpwall())


def can_walk_to(path: Path, account: str = POSTGRES_ACCOUNT) -> bool:
    """Whether an account may traverse every parent of a folder (asked of the kernel)."""
    ids = (f"--reuid={account}", f"--regid={account}", "--init-groups")
    return subprocess.run(["setpriv", *ids, "test", "-x", path], check=False).returncode == 0
