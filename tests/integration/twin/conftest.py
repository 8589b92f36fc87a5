"""One twin and one receiver for the folder; tests that kill start their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.twin.running import Receiver, Twin


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    heard = Receiver()
    yield heard
    heard.close()


@pytest.fixture(scope="session")
def _shared_twin(receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    running = Twin(tmp_path_factory.mktemp("twin"), receiver.url).start()
    yield running
    assert running.end() == 0


@pytest.fixture
def twin(_shared_twin: Twin) -> Iterator[Twin]:
    yield _shared_twin
    _shared_twin.control("DELETE", "/faults")
    _shared_twin.control("POST", "/clock", {"offset": 0})
