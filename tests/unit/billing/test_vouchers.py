"""What booking vouched for spares a question; everything else is asked, in the actor's name."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.billing.adapters.booking import BookingDesk
from services.common.auth import Actor, Signer, Verifier
from services.common.clock import utc_now
from services.common.errors import NotFound, Unauthenticated
from services.contracts.booking.bookings import BookingState, Payable

BOOKING, PRACTICE, PERSON, OTHER = (UUID(int=n) for n in range(1, 5))
SEEDS = {
    name: base64.b64encode(secrets.token_bytes(32)).decode() for name in ("booking", "gateway")
}
GUEST = Actor(kind="link", booking_id=BOOKING, practice_id=PRACTICE)
CLIENT = Actor(kind="person", account_id=PERSON, practice_id=PRACTICE)
PAYABLE = Payable(
    id=BOOKING,
    practice_id=PRACTICE,
    client_id=UUID(int=8),
    account_id=PERSON,
    price_id=UUID(int=9),
    state=BookingState.HELD,
    deadline_at=datetime(2026, 3, 29, 1, 10, tzinfo=UTC),
)


@dataclass
class Asked(Exception):
    """Booking was asked."""

    actor: Actor


@dataclass
class Telephone:
    """A caller that only notes who asks."""

    calls: list[Actor] = field(default_factory=list)

    def call(self, _service: str, _method: str, _command: Any, actor: Actor, _answer: Any) -> Any:
        raise Asked(actor)


def public_key(seed: str) -> str:
    """The key that checks what the seed's signs."""
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def desk() -> BookingDesk:
    """Billing's desk, with the keys of the house."""
    keys = {name: public_key(seed) for name, seed in SEEDS.items()}
    return BookingDesk(Telephone(), Verifier("billing", keys))  # type: ignore[arg-type]


def voucher(
    payable: Payable = PAYABLE,
    *,
    issuer: str = "booking",
    seed: str = SEEDS["booking"],
    audience: str = "billing",
    ago: float = 0,
) -> str:
    """What booking signs, or what somebody would like it to have signed."""
    at = utc_now() - timedelta(seconds=ago)
    return Signer(issuer, seed).voucher(payable.model_dump(mode="json"), audience, at)


@pytest.mark.parametrize("actor", [GUEST, CLIENT])
def test_a_voucher_is_believed_by_whom_it_concerns(actor: Actor) -> None:
    """The guest who holds the booking, and the person whose it is: nobody is asked."""
    assert desk().payable(BOOKING, actor, voucher()) == PAYABLE


#: Made when they are used, so that age is the only flaw of none but the old one.
REFUSED: dict[str, Callable[[], str | None]] = {
    "none": lambda: None,
    "no token": lambda: "head.fact.signature",
    "signed by nobody": lambda: voucher(seed=base64.b64encode(secrets.token_bytes(32)).decode()),
    "signed by the gateway": lambda: voucher(issuer="gateway", seed=SEEDS["gateway"]),
    "for another service": lambda: voucher(audience="notify"),
    "20 s old": lambda: voucher(ago=20),
    "of another booking": lambda: voucher(PAYABLE.model_copy(update={"id": OTHER})),
    "of another practice": lambda: voucher(PAYABLE.model_copy(update={"practice_id": OTHER})),
    "an actor's token": lambda: Signer("booking", SEEDS["booking"]).token(
        GUEST, "billing", utc_now()
    ),
}


@pytest.mark.parametrize("bad", REFUSED.values(), ids=list(REFUSED))
def test_booking_is_asked_where_the_voucher_is_no_good(bad: Callable[[], str | None]) -> None:
    """In the name of who asked us, so that booking decides what they may see."""
    with pytest.raises(Asked) as asked:
        desk().payable(BOOKING, GUEST, bad())
    assert asked.value.actor == GUEST


STRANGERS = {
    "another guest": Actor(kind="link", booking_id=OTHER, practice_id=PRACTICE),
    "another person": Actor(kind="person", account_id=OTHER, practice_id=PRACTICE),
    "nobody": Actor(kind="anonymous", practice_id=PRACTICE),
    "in another practice": Actor(kind="person", account_id=PERSON, practice_id=OTHER),
}


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=list(STRANGERS))
def test_a_voucher_that_was_found_opens_nothing(stranger: Actor) -> None:
    """It tells of a booking and of nobody's right to it."""
    with pytest.raises(Asked):
        desk().payable(BOOKING, stranger, voucher())


def test_a_guests_voucher_is_no_account_less_persons() -> None:
    """A booking without an account belongs to no person, and so to none without an account."""
    guests = voucher(PAYABLE.model_copy(update={"account_id": None}))
    with pytest.raises(Asked):
        desk().payable(BOOKING, Actor(kind="person", practice_id=PRACTICE), guests)


def test_a_voucher_lets_nobody_in() -> None:
    """It is no actor token, whoever signs it and for whom."""
    keys = {name: public_key(seed) for name, seed in SEEDS.items()}
    with pytest.raises(Unauthenticated):
        Verifier("billing", keys).actor(voucher())


def test_what_booking_refuses_is_refused() -> None:
    """The desk adds nothing to booking's own answer."""

    class Refusing(Telephone):
        def call(self, *_: Any) -> Any:
            raise NotFound("There is no such booking.")

    refusing = BookingDesk(Refusing(), Verifier("billing", {}))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        refusing.payable(BOOKING, GUEST, voucher())
