"""`python -m deploy.local.mailbox`: SMTP and HTTP in one process, ended by SIGTERM or Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI

from deploy.local.mailbox.app import make_app
from deploy.local.mailbox.config import SettingError, Settings, from_environment
from deploy.local.mailbox.faults import Faults
from deploy.local.mailbox.smtp import listen
from deploy.local.mailbox.store import Mailstore


def served(settings: Settings) -> FastAPI:
    """The application with the SMTP server beside it."""
    store, faults = Mailstore(settings.data_dir), Faults()
    app = make_app(store, faults)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        server = await listen(store, faults, settings.smtp_port)
        yield
        server.close()
        await server.wait_closed()

    app.router.lifespan_context = lifespan
    return app


def main() -> int:
    """Serve on loopback until told to stop; 2 when a setting is wrong."""
    try:
        settings = from_environment()
    except SettingError as wrong:
        print(f"mailbox: {wrong}", file=sys.stderr)
        return 2
    for ending in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it is done; being told to stop is no failure
        signal.signal(ending, lambda *_: None)
    uvicorn.run(
        served(settings),
        host="127.0.0.1",
        port=settings.http_port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
