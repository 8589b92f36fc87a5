"""Settings of the mailbox, read from the environment once, at the rim."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.standin import needed, needed_port


@dataclass(frozen=True)
class Settings:
    """Ports on loopback and the folder that the messages are kept in."""

    smtp_port: int
    http_port: int
    data_dir: Path


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Read MAILBOX_SMTP_PORT, MAILBOX_HTTP_PORT and MAILBOX_DATA_DIR. Raises SettingError."""
    return Settings(
        needed_port(env, "MAILBOX_SMTP_PORT"),
        needed_port(env, "MAILBOX_HTTP_PORT"),
        Path(needed(env, "MAILBOX_DATA_DIR")),
    )
