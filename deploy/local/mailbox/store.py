"""Messages on disk: one `.eml` file each, complete before SMTP answers 250, its owner's alone.

The envelope stands in front of the message as header fields, the way a delivery agent writes
it (RFC 5321 section 4.4); what follows is kept byte for byte.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from uuid_utils.compat import uuid7

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Stored:
    """One message as it arrived."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    content: bytes


class Mailstore:
    """A folder of messages; ids sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)

    def keep(self, sender: str, recipients: list[str], content: bytes, *, now: datetime) -> str:
        """Write a message and sync it; its id."""
        message_id = str(uuid7())
        envelope = (
            f"Return-Path: <{sender}>\r\nDelivered-To: {','.join(recipients)}\r\n"
            f"X-Received-At: {now.isoformat()}\r\n"
        )
        partial = self._folder / f"{message_id}.part"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(envelope.encode("utf-8", "replace") + content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(self._path(message_id))
        return message_id

    def all(self) -> list[Stored]:
        """Every message, the newest first."""
        paths = sorted(self._folder.glob("*.eml"), reverse=True)
        return [found for path in paths if (found := self.get(path.stem)) is not None]

    def get(self, message_id: str) -> Stored | None:
        """A message by id, or None."""
        if not _ID.fullmatch(message_id):
            return None
        try:
            raw = self._path(message_id).read_bytes()
        except FileNotFoundError:
            return None
        sender, recipients, received, content = raw.split(b"\r\n", 3)
        return Stored(
            message_id,
            _value(sender).strip("<>"),
            tuple(_value(recipients).split(",")),
            datetime.fromisoformat(_value(received)).astimezone(UTC),
            content,
        )

    def clear(self) -> int:
        """Delete all messages; how many there were."""
        paths = list(self._folder.glob("*.eml"))
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def _path(self, message_id: str) -> Path:
        return self._folder / f"{message_id}.eml"


def _value(line: bytes) -> str:
    return line.decode("utf-8", "replace").partition(": ")[2]
