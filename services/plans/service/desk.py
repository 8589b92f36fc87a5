"""What every part of the service has: the keys of the charts."""

from time import sleep
from typing import Any

from nameko.extensions import DependencyProvider

from services.common import config
from services.common.errors import Busy
from services.common.logging import get_logger
from services.common.service import Service
from services.plans.config import PlansConfig
from services.plans.operations import (
    keys,
)
from services.plans.operations.sealing import KeyRing

log = get_logger(__name__)
BY_GATEWAY = {"gateway"}


class KeysProvider(DependencyProvider):  # type: ignore[misc]
    """Checks the key-encryption keys before anything is served, and hands them to the workers."""

    def setup(self) -> None:
        settings: PlansConfig = self.container.config["settings"]
        self.ring = settings.ring
        database = self.container.config["runtime"].database
        while not self._is_checked(database):
            sleep(1)

    def get_dependency(self, worker_ctx: Any) -> KeyRing:
        return self.ring

    def _is_checked(self, database: Any) -> bool:
        try:
            with database.plumbing() as tx:
                keys.check_keys(tx, self.ring)
        except keys.WrongKeys as wrong:
            config.stop(config.SettingsError(f"PLANS_KEYS: {wrong}"))
        except Busy:
            log.warning("the keys wait for the database")
            return False
        return True


class Desk(Service):
    """A service with its keys checked and at hand."""

    ring = KeysProvider()
