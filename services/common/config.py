"""Settings from the environment, checked at start; there is no default for a secret."""

import sys
from typing import NoReturn, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

S = TypeVar("S", bound="Settings")


class Settings(BaseSettings):
    """What every process reads."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        populate_by_name=True,
        env_ignore_empty=True,
    )

    environment: str = Field("production", validation_alias="ATTUNE_ENV")
    log_level: str = Field("INFO", validation_alias="ATTUNE_LOG_LEVEL")


class RpcSettings(Settings):
    """What a process needs to take part in calls: broker, signing key, the house's keys."""

    amqp_url: str
    signing_key: str
    verify_keys: dict[str, str] = Field(validation_alias="ATTUNE_VERIFY_KEYS")


class ServiceSettings(RpcSettings):
    """What every service with a database reads, beside what its own `config.py` adds."""

    database_url: str
    pool_size: int = 10
    max_workers: int = 10


class SettingsError(Exception):
    """A setting is missing or wrong; the text names it and never tells its value."""


def load(kind: type[S]) -> S:
    """Read the settings of a process; raises SettingsError naming each one that is wrong."""
    try:
        return kind()
    except ValidationError as flaws:
        prefix = kind.model_config.get("env_prefix", "")
        told = [f"{_variable(flaw['loc'], prefix)}: {flaw['msg']}" for flaw in flaws.errors()]
        raise SettingsError("; ".join(told)) from None


def _variable(location: tuple[int | str, ...], prefix: str) -> str:
    name = str(location[0])
    return name if name.isupper() else f"{prefix}{name}".upper()


def stop(error: SettingsError) -> NoReturn:
    """End the process, saying which setting is wrong."""
    sys.exit(f"Attune cannot start: {error}")
