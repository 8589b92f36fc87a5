"""Private links in mails: one booking, hashed, living until 30 days after it, revocable."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.crypto import new_token, token_key
from services.common.errors import Forbidden
from services.common.rpc.client import Caller
from services.contracts.notify import (
    LinksRevoked,
    LinkUnknown,
    LinkView,
    ResolveLink,
    RevokeLinks,
)
from services.notify.models import Link
from services.notify.operations import links
from tests.integration.notify.world import World, at, eventually

Gateway = Callable[[str], Caller]


@pytest.fixture
def token(world: World, house: None) -> str:
    """The link in a delivered mail."""
    world.book()
    assert eventually(lambda: len(world.messages()) == 4)
    world.deliver()
    (mail,) = world.mails()
    found = re.search(r"https://attune\.example/b/(\S+)", mail["text"])
    assert found
    return found[1]


def resolve(caller: Gateway, token: str) -> LinkView:
    command = ResolveLink(link_key=token_key(token))
    return caller("gateway").call("notify", "resolve_link", command, Actor(), LinkView)


def refusal(caller: Gateway, token: str) -> tuple[str, dict[str, str]]:
    with pytest.raises(LinkUnknown) as refused:
        resolve(caller, token)
    return refused.value.message, refused.value.detail


def change(world: World, **values: object) -> None:
    with world.database.plumbing() as tx:
        tx.execute(update(Link).where(Link.practice_id == world.practice_id).values(**values))


def test_a_link_stands_for_its_booking(world: World, caller: Gateway, token: str) -> None:
    """As often as it is opened, until 30 days after the session."""
    (first, *_) = world.messages()
    for _ in range(2):
        view = resolve(caller, token)
        assert (view.booking_id, view.practice_id, view.client_id) == (
            first.booking_id,
            world.practice_id,
            world.client_id,
        )
    assert first.starts_at is not None
    assert view.expires_at == first.starts_at + timedelta(minutes=50, days=30)


def test_unknown_expired_and_revoked_links_answer_alike(
    world: World, caller: Gateway, token: str
) -> None:
    """Whoever tries links learns nothing from the answer."""
    unknown = refusal(caller, new_token())
    change(world, expires_at=utc_now() - timedelta(seconds=1))
    expired = refusal(caller, token)
    change(world, expires_at=utc_now() + timedelta(days=1), revoked_at=utc_now())
    assert refusal(caller, token) == expired == unknown


def test_only_the_hash_is_stored(world: World, token: str) -> None:
    """Who reads the table cannot open a link."""
    with world.database.plumbing() as tx:
        keys = list(tx.scalars(select(Link.key).where(Link.practice_id == world.practice_id)))
    assert keys == [token_key(token)]
    assert len(token) >= 22  # 128 bits in base64


def test_staff_may_end_the_links_of_a_booking(world: World, caller: Gateway, token: str) -> None:
    """A mail went astray; others may not, and another practice's staff ends none."""
    (first, *_) = world.messages()
    command = RevokeLinks(booking_id=first.booking_id)

    def revoke(actor: Actor) -> int:
        call = caller("gateway").call
        return call("notify", "revoke_links", command, actor, LinksRevoked).count

    person = Actor(kind="person", account_id=uuid4())
    with pytest.raises(Forbidden):
        revoke(person.within(world.practice_id))
    assert revoke(person.within(uuid4(), frozenset({"owner"}))) == 0
    assert resolve(caller, token).booking_id == first.booking_id
    assert revoke(person.within(world.practice_id, frozenset({"front_desk"}))) == 1
    refusal(caller, token)


def test_older_links_live_as_long_as_the_moved_session(
    world: World, caller: Gateway, token: str
) -> None:
    """The link in the first mail does not end before the one in the second."""
    (first, *_) = world.messages()
    before = resolve(caller, token).expires_at
    assert first.starts_at is not None
    world.move(first.booking_id, at(first.starts_at, hours=2))
    assert eventually(lambda: len(world.messages()) == 8)
    world.deliver()
    assert resolve(caller, token).expires_at == before + timedelta(hours=2)


def test_links_past_their_time_are_deleted(world: World, token: str) -> None:
    """Living ones stay."""
    with world.database.plumbing() as tx:
        links.forget_expired(tx, now=utc_now())
    change(world, expires_at=utc_now() - timedelta(seconds=1))
    with world.database.plumbing() as tx:
        assert tx.scalar(select(Link.key).where(Link.key == token_key(token)))
        links.forget_expired(tx, now=utc_now())
        assert not tx.scalar(select(Link.key).where(Link.key == token_key(token)))
