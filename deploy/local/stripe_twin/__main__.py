"""`python -m deploy.local.stripe_twin`: one process, ended by SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI

from deploy.local import standin
from deploy.local.stripe_twin import accounts, idempotency
from deploy.local.stripe_twin.api import Api, Identity
from deploy.local.stripe_twin.app import DroppableProtocol, make_app
from deploy.local.stripe_twin.config import Settings, from_environment
from deploy.local.stripe_twin.control import expire_due_sessions
from deploy.local.stripe_twin.payout_switches import pay_out_daily
from deploy.local.stripe_twin.store import Store
from deploy.local.stripe_twin.webhooks import Courier

_SWEEP_SECONDS = 0.5


def opened(settings: Settings) -> tuple[Store, Api]:
    """The store, recovered from whatever end the last run had, and the API over it."""
    store = Store(settings.data_dir / "twin.sqlite3")
    with store.transaction() as tx:
        platform, application = accounts.ensure(tx, settings.accounts)
        idempotency.release_unfinished(tx)
    identity = Identity(settings.api_key, platform, application, settings.public_url)
    return store, Api(store, identity)


async def _sweep(store: Store, api: Api) -> None:
    while True:
        try:
            await asyncio.to_thread(expire_due_sessions, store, api)
            await asyncio.to_thread(pay_out_daily, store, api)
        except Exception:
            logging.getLogger(__name__).exception("the sweep failed")
        await asyncio.sleep(_SWEEP_SECONDS)


def served(settings: Settings) -> FastAPI:
    """The application with its courier and its sweeper running beside it."""
    store, api = opened(settings)
    app = make_app(store, api)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        courier = None
        if settings.webhook_url and settings.webhook_secret:
            courier = Courier(
                store, settings.webhook_url, settings.webhook_secret, settings.webhook_longest_wait
            )
            courier.start()
        sweeper = asyncio.create_task(_sweep(store, api))
        yield
        sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeper
        if courier is not None:
            await asyncio.to_thread(courier.stop)
        store.close()

    app.router.lifespan_context = lifespan
    return app


def main() -> None:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = standin.read_or_end("stripe twin", from_environment)
    standin.serve(served(settings), settings.port, http=DroppableProtocol)


if __name__ == "__main__":
    main()
