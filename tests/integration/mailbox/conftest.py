"""One mailbox for the folder, emptied after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.mailbox.running import Mailbox


@pytest.fixture(scope="session")
def _shared_mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    running = Mailbox(tmp_path_factory.mktemp("mailbox")).start()
    yield running
    assert running.end() == 0


@pytest.fixture
def mailbox(_shared_mailbox: Mailbox) -> Iterator[Mailbox]:
    yield _shared_mailbox
    _shared_mailbox.call("DELETE", "/faults")
    _shared_mailbox.call("DELETE", "/messages")
