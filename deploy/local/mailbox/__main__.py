"""`python -m deploy.local.mailbox`: SMTP and HTTP in one process, ended by SIGTERM or Ctrl-C."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

from deploy.local import standin
from deploy.local.mailbox.app import make_app
from deploy.local.mailbox.config import Settings, from_environment
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


def main() -> None:
    """Serve until told to stop."""
    settings = standin.read_or_end("mailbox", from_environment)
    standin.serve(served(settings), settings.http_port)


if __name__ == "__main__":
    main()
