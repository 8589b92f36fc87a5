"""Settings of the mailbox, read from the environment once, at the rim."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingError(Exception):
    """A setting is missing or wrong; the message names it."""


@dataclass(frozen=True)
class Settings:
    """Ports on loopback and the folder that the messages are kept in."""

    smtp_port: int
    http_port: int
    data_dir: Path


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Read MAILBOX_SMTP_PORT, MAILBOX_HTTP_PORT and MAILBOX_DATA_DIR. Raises SettingError."""
    return Settings(
        _port(env, "MAILBOX_SMTP_PORT"),
        _port(env, "MAILBOX_HTTP_PORT"),
        Path(_needed(env, "MAILBOX_DATA_DIR")),
    )


def _needed(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if not value:
        raise SettingError(f"{name} is not set")
    return value


def _port(env: Mapping[str, str], name: str) -> int:
    text = _needed(env, name)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingError(f"{name} is no port number: {text!r}")
    return int(text)
