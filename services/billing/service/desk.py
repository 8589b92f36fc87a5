"""What every part of the service has: the ways to Stripe and booking."""

from typing import Any

from nameko.extensions import DependencyProvider

from services.billing.operations.surroundings import INTERACTIVE, Surroundings
from services.common.service import Service

BY_GATEWAY = {"gateway"}


class SurroundingsProvider(DependencyProvider):  # type: ignore[misc]
    """Hands each worker the one way to Stripe and booking of this process."""

    def setup(self) -> None:
        self.around = Surroundings.of(self.container.config["runtime"], INTERACTIVE)

    def get_dependency(self, worker_ctx: Any) -> Surroundings:
        return self.around


class Desk(Service):
    """The base of the parts."""

    around = SurroundingsProvider()
