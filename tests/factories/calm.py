"""When a product is calm again after a kill, and how long it then may take to have converged."""

from pathlib import Path
from time import monotonic, sleep

from deploy.local.product import Product

#: Everything has converged within a minute of calm, however busy the machine is: the product waits
#: for its own retries and leases, which are as long as they are.
CONVERGED_SECONDS = 60.0
CALM_SECONDS = 240.0


class Calm:
    """Tells when all processes are up and at work, after something was killed.

    The supervisor calls a process running that has lived for three seconds; a service is up when
    /readyz says so, and the worker when it has taken a task.
    """

    def __init__(self, product: Product) -> None:
        self._product = product
        self._log = product.run.logs / "worker.log"
        self._read = _size(self._log)

    def wait(self) -> None:
        """Until it is calm; raises NotReady, or TimeoutError for a worker that takes no task."""
        self._product.wait_until_ready(CALM_SECONDS)
        until = monotonic() + CALM_SECONDS
        while not self._has_worked():
            if monotonic() > until:
                raise TimeoutError("the worker takes no task")
            sleep(0.2)

    def _has_worked(self) -> bool:
        """Whether the worker took a task since; its log may have been turned over meanwhile."""
        start = self._read if _size(self._log) >= self._read else 0
        with self._log.open("rb") as log:
            log.seek(start)
            return b" received" in log.read()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
