"""What a process of one service holds: settings, database, plumbing, and a way to call others."""

import importlib
from dataclasses import dataclass
from functools import cache

from services.common import config
from services.common.auth import Signer
from services.common.database import Database
from services.common.plumbing import Plumbing
from services.common.rpc.client import Caller


@dataclass(frozen=True, slots=True)
class Runtime:
    """Built once a process, at its rim, and handed down."""

    name: str
    settings: config.ServiceSettings
    database: Database
    plumbing: Plumbing
    signer: Signer
    caller: Caller


def build(name: str) -> Runtime:
    """Read the service's settings and open its pools; raises config.SettingsError."""
    settings = config.load(settings_kind(name))
    signer = Signer(name, settings.signing_key)
    return Runtime(
        name=name,
        settings=settings,
        database=Database(settings.database_url, pool_size=settings.pool_size),
        plumbing=importlib.import_module(f"services.{name}.models").plumbing,
        signer=signer,
        caller=Caller(settings.amqp_url, signer),
    )


@cache
def of_process(name: str) -> Runtime:
    """The runtime of a service within a task worker: made at first use, after the fork."""
    return build(name)


def settings_kind(name: str) -> type[config.ServiceSettings]:
    """A service's settings class: `BookingConfig` in `services.booking.config`."""
    module = importlib.import_module(f"services.{name}.config")
    kind: type[config.ServiceSettings] = getattr(module, f"{name.capitalize()}Config")
    return kind
