"""What a person typed and agreed to in a practice: told to them alone."""

from uuid import uuid4

import pytest

from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.profiles.clients import GetOwnClient
from tests.integration.profiles.conftest import Ask, Opened
from tests.integration.profiles.samples import House
from tests.integration.profiles.test_clients import ensure, reached


def test_what_a_person_agreed_to_is_kept_with_its_first_moment(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """A booking without the tick keeps it, other words replace it; nobody else is told of it."""
    here, there = (house.practice.id for house in houses)
    account = opened("agreed")
    actor = Actor("person", account_id=account.id, practice_id=here)
    asked = GetOwnClient(practice_id=here)
    with pytest.raises(NotFound):
        ask("get_own_client", asked, actor)
    own = ask("ensure_client", ensure(here, agreed_to="words-1"), actor).id
    first = ask("get_own_client", asked, actor)
    assert (first.agreed_to, first.email) == ("words-1", "cleo@people.example")
    for again in (None, "words-1"):
        ask("ensure_client", ensure(here, id=own, agreed_to=again), actor)
        assert ask("get_own_client", asked, actor) == first
    ask("ensure_client", ensure(here, id=own, agreed_to="words-2"), actor)
    later = ask("get_own_client", asked, actor)
    assert later.agreed_to == "words-2"
    assert later.agreed_at > first.agreed_at
    for stranger in (Actor(practice_id=here), Actor("person", account_id=uuid4())):
        with pytest.raises(NotFound):
            ask("get_own_client", asked, stranger)
    with pytest.raises(NotFound):
        ask("get_own_client", GetOwnClient(practice_id=there), actor)


def test_whom_a_person_books_for_agrees_to_nothing_in_their_name(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """They have another record: the tick of that booking is not the person's own."""
    here = houses[0].practice.id
    account = opened("agreed-for")
    actor = Actor("person", account_id=account.id, practice_id=here)
    ask("ensure_client", ensure(here), actor)
    ask("ensure_client", ensure(here, agreed_to="words-1", is_for_another=True), actor)
    assert ask("get_own_client", GetOwnClient(practice_id=here), actor).agreed_to is None


@pytest.mark.parametrize("name", ["Clio", "Cleo  Client", "CLEO CLIENT", "Josu\u0301"])
def test_a_person_who_comes_has_their_own_record_under_any_name(
    ask: Ask, opened: Opened, houses: tuple[House, House], name: str
) -> None:
    """Their account's name is not asked: no form of a name makes a stranger of anybody."""
    here = houses[0].practice.id
    account = opened(f"any-{uuid4().hex}")
    actor = Actor("person", account_id=account.id)
    own = ask("ensure_client", ensure(here, name=name), actor)
    assert own.account_id == account.id
    assert ask("ensure_client", ensure(here, id=own.id), actor) == own
    child = ensure(here, is_for_another=True)
    assert ask("ensure_client", child, actor).account_id is None


def test_who_books_for_somebody_else_first_has_no_own_record_by_it(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """Not even under the name of their account; their own is made when they come."""
    here = houses[0].practice.id
    account = opened("for-another-first")
    actor = Actor("person", account_id=account.id)
    child = ensure(here, name=account.name, is_for_another=True)
    assert ask("ensure_client", child, actor).account_id is None
    assert ask("ensure_client", ensure(here), actor).account_id == account.id


def test_a_record_that_only_has_to_be_there_stays_as_it_is(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """Before paying: one that is missing is made, one that is there keeps name and address."""
    here = houses[0]
    account = opened("before-paying")
    actor = Actor("person", account_id=account.id)
    child = ensure(here.practice.id, name="Carl Client", is_for_another=True)
    ask("ensure_client", child, actor)
    again = child.model_copy(update={"name": "Cleo Client", "keeps_existing": True})
    ask("ensure_client", again, actor)
    assert reached(ask, here, child.id).name == "Carl Client"
    missing = ensure(here.practice.id, keeps_existing=True)
    assert ask("ensure_client", missing, actor).id == missing.id
