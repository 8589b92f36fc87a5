"""Settings of the twin, read from the environment once, at the rim."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.standin import SettingError, needed, needed_port


@dataclass(frozen=True)
class DefaultAccount:
    """A connected account that exists from the first start on."""

    id: str
    country: str
    currency: str
    name: str


@dataclass(frozen=True)
class Settings:
    """Port, folder, addresses and secrets of one twin."""

    port: int
    data_dir: Path
    public_url: str
    webhook_url: str | None
    webhook_secret: str | None
    api_key: str
    accounts: tuple[DefaultAccount, ...]
    webhook_longest_wait: float


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Read TWIN_PORT, TWIN_DATA_DIR, TWIN_API_KEY and the optional rest.

    TWIN_PUBLIC_URL defaults to loopback at the port. TWIN_WEBHOOK_URL may be absent (events
    are kept, none delivered); with it TWIN_WEBHOOK_SECRET is needed. TWIN_DEFAULT_ACCOUNTS is
    a comma-separated list of `acct_id:country:currency:name`. TWIN_WEBHOOK_LONGEST_WAIT caps the
    seconds between two tries of a webhook (default 3600). Raises SettingError.
    """
    port = needed_port(env, "TWIN_PORT")
    webhook_url = env.get("TWIN_WEBHOOK_URL") or None
    return Settings(
        port=port,
        data_dir=Path(needed(env, "TWIN_DATA_DIR")),
        public_url=(env.get("TWIN_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        webhook_url=webhook_url,
        webhook_secret=needed(env, "TWIN_WEBHOOK_SECRET") if webhook_url else None,
        api_key=_test_key(needed(env, "TWIN_API_KEY")),
        accounts=_accounts(env.get("TWIN_DEFAULT_ACCOUNTS", "")),
        webhook_longest_wait=_seconds(env, "TWIN_WEBHOOK_LONGEST_WAIT", 3600),
    )


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name, "")
    if text and (not text.isdecimal() or not 0 < int(text) <= 3600):
        raise SettingError(f"{name} is no number of seconds from 1 to 3600: {text!r}")
    return float(text) if text else default


def _test_key(key: str) -> str:
    if not key.startswith("sk_test_"):
        raise SettingError("TWIN_API_KEY must begin with sk_test_")
    return key


def _accounts(text: str) -> tuple[DefaultAccount, ...]:
    return tuple(_account(part.strip()) for part in text.split(",") if part.strip())


def _account(text: str) -> DefaultAccount:
    parts = text.split(":", 3)
    if len(parts) != 4 or not parts[0].startswith("acct_"):
        raise SettingError(f"TWIN_DEFAULT_ACCOUNTS wants acct_id:country:currency:name: {text!r}")
    return DefaultAccount(parts[0], parts[1].upper(), parts[2].lower(), parts[3])
