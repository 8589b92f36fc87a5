"""notify with the real profiles, booking, broker and a mailbox; each test has its own practice."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from deploy.local.stack import Stack
from services.common.database import Database
from services.common.rpc.client import Caller
from tests.integration.mailbox.running import Mailbox
from tests.integration.notify.world import World


@pytest.fixture(scope="session")
def shared_mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    running = Mailbox(tmp_path_factory.mktemp("notify-mailbox")).start()
    yield running
    running.end()


@pytest.fixture
def mailbox(shared_mailbox: Mailbox) -> Iterator[Mailbox]:
    yield shared_mailbox
    shared_mailbox.call("DELETE", "/faults")
    shared_mailbox.call("DELETE", "/messages")


@pytest.fixture
def notify(database: Callable[[str], Database]) -> Database:
    """As the runtime role; nothing is due from an earlier test."""
    opened = database("notify")
    with opened.plumbing() as tx:
        tx.execute(text("DELETE FROM notify.due_messages"))
    return opened


@pytest.fixture
def world(
    servers: Stack,
    notify: Database,
    database: Callable[[str], Database],
    caller: Callable[[str], Caller],
    mailbox: Mailbox,
) -> World:
    """A practice with a client and a practitioner, in profiles and in booking."""
    return World(servers, notify, database, caller("notify"), mailbox).open()


@pytest.fixture
def house(serving: Callable[..., None], notify: Database) -> None:
    """profiles, booking and plans answer calls; booking's events leave.

    Of what is asked before a first session they remind who says so.
    """
    serving("notify", NOTIFY_INTAKE_REMINDER_MINUTES="0")
    for service in ("profiles", "booking", "plans"):
        serving(service)
