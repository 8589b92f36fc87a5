"""What the gateway remembers of the catalogue."""

import asyncio

import pytest

from services.common.errors import Busy, NotFound
from services.contracts.profiles.catalogue import ListTopics, TopicsView
from services.gateway.web.remembered import Remembered
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.views import TOPICS


def ask(remembered: Remembered, backend: ToldBackend) -> TopicsView:
    """Ask for all topics."""
    return asyncio.run(remembered.ask(backend, ListTopics(), TopicsView))


def away(_: object) -> None:
    """A service that does not answer."""
    raise Busy("away")


def test_a_fresh_answer_is_told_without_asking() -> None:
    """The service is asked once for many pages."""
    backend, remembered = ToldBackend({ListTopics: lambda _: TOPICS}), Remembered()
    assert [ask(remembered, backend) for _ in range(3)] == [TOPICS] * 3
    assert backend.calls["profiles"] == 1


def test_an_old_answer_is_asked_for_anew() -> None:
    """Twin: with no time to keep it, each page asks."""
    backend, remembered = ToldBackend({ListTopics: lambda _: TOPICS}), Remembered(seconds=0)
    ask(remembered, backend)
    ask(remembered, backend)
    assert backend.calls["profiles"] == 2


def test_while_the_service_is_away_the_old_answer_is_told() -> None:
    """Texts do not vanish with a restart."""
    backend, remembered = ToldBackend({ListTopics: lambda _: TOPICS}), Remembered(seconds=0)
    ask(remembered, backend)
    backend.told[ListTopics] = away
    assert ask(remembered, backend) == TOPICS


def test_refusals_are_not_remembered() -> None:
    """A page that exists a moment later is found then."""
    backend, remembered = ToldBackend({}), Remembered()
    with pytest.raises(NotFound):
        ask(remembered, backend)
    backend.told[ListTopics] = away
    with pytest.raises(Busy):
        ask(remembered, backend)
    backend.told[ListTopics] = lambda _: TOPICS
    assert ask(remembered, backend) == TOPICS
