"""What a person may set from outside, read once at the rim and checked before anything starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.names import APPS, SIGNERS

CHECKOUT = Path(__file__).resolve().parents[2]

#: Settings of the applications that a person's environment may hand on, by their beginning.
PASSED_ON = ("ATTUNE_", *(f"{name.upper()}_" for name in SIGNERS))

#: Values of ATTUNE_APPS beside a list of names.
ALL_APPS, NO_APPS = "all", "none"


class SettingRefused(Exception):
    """A setting from outside cannot be used; the text names it and says the way out."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked settings of one stack. A URL of None means: a private server of our own."""

    run_dir: Path
    port: int
    database_url: str | None = None
    amqp_url: str | None = None
    redis_url: str | None = None
    smtp_url: str | None = None
    stripe_api_key: str | None = None
    stripe_webhook_secret: str | None = None
    apps: tuple[str, ...] = APPS
    has_demo: bool = True
    has_crash_points: bool = False
    passed_on: Mapping[str, str] = field(default_factory=dict)

    @property
    def public_url(self) -> str:
        """The address people open, without a trailing slash."""
        return self.passed_on.get("ATTUNE_PUBLIC_URL", f"http://127.0.0.1:{self.port}")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingRefused(f"ATTUNE_PORT must be a port from 1 to 65535, not {text!r}.")
    return int(text)


def _url(source: Mapping[str, str], name: str, *schemes: str) -> str | None:
    value = source.get(name, "").strip()
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise SettingRefused(f"{name} must begin with {wanted} and name a host.")
    return value


def _apps(text: str) -> tuple[str, ...]:
    if text in (ALL_APPS, NO_APPS):
        return APPS if text == ALL_APPS else ()
    names = tuple(name.strip() for name in text.split(","))
    if unknown := sorted(set(names) - set(APPS)):
        raise SettingRefused(f"ATTUNE_APPS: {', '.join(unknown)} is none of {', '.join(APPS)}.")
    return names


def _switch(source: Mapping[str, str], name: str, default: str = "1") -> bool:
    value = source.get(name) or default
    if value not in ("0", "1"):
        raise SettingRefused(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def _crash_points(source: Mapping[str, str]) -> bool:
    is_on = _switch(source, "ATTUNE_CRASH_POINTS", "0")
    if is_on and (source.get("ATTUNE_ENV") or "local") not in ("local", "test"):
        raise SettingRefused(
            "ATTUNE_CRASH_POINTS: processes die on purpose in tests and the local stack only."
        )
    return is_on


def _stripe_key(source: Mapping[str, str]) -> str | None:
    key = source.get("STRIPE_API_KEY", "").strip()
    if key.startswith(("sk_live_", "rk_live_")):
        raise SettingRefused(
            "STRIPE_API_KEY is a live key: the local stack never touches real money. "
            "Use a test key (sk_test_...), or leave it empty to use the Stripe twin."
        )
    if key and not key.startswith(("sk_test_", "rk_test_")):
        raise SettingRefused("STRIPE_API_KEY must be a test key (sk_test_...) or empty.")
    return key or None


def _webhook_secret(source: Mapping[str, str], key: str | None) -> str | None:
    secret = source.get("STRIPE_WEBHOOK_SECRET", "").strip() or None
    if key and not secret:
        raise SettingRefused(
            "STRIPE_WEBHOOK_SECRET is missing: with STRIPE_API_KEY set, Stripe itself signs the "
            "webhooks. `stripe listen --print-secret` prints the secret."
        )
    return secret


def read_settings(source: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings; raises SettingRefused with the name of the first bad one.

    An empty one is the default, here and in each process.
    """
    key = _stripe_key(source)
    passed = {name: told for name, told in source.items() if told and name.startswith(PASSED_ON)}
    return Settings(
        run_dir=(CHECKOUT / (source.get("ATTUNE_RUN_DIR") or ".run")).resolve(),
        port=_port(source.get("ATTUNE_PORT") or "8000"),
        database_url=_url(source, "DATABASE_URL", "postgresql", "postgres"),
        amqp_url=_url(source, "AMQP_URL", "amqp", "amqps"),
        redis_url=_url(source, "REDIS_URL", "redis", "rediss"),
        smtp_url=_url(source, "SMTP_URL", "smtp", "smtps"),
        stripe_api_key=key,
        stripe_webhook_secret=_webhook_secret(source, key),
        apps=_apps(source.get("ATTUNE_APPS") or ALL_APPS),
        has_demo=_switch(source, "ATTUNE_DEMO"),
        has_crash_points=_crash_points(source),
        passed_on=passed,
    )
