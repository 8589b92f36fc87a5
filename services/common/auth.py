"""Actors and their signed tokens: who asks, in which practice, with which roles.

Ed25519 (EdDSA, RFC 8037) JSON Web Tokens that live at most 60 s and have one audience.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.common.errors import Unauthenticated

ALGORITHM = "EdDSA"
LIFETIME = timedelta(seconds=60)
LEEWAY_SECONDS = 2
VOUCHED_FOR = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    kind: `anonymous`, `person` (account_id), `link` (the holder of a mail's link or of a fresh
    guest booking: booking_id) or `service` (by itself, `because` of an event).
    practice_id is the tenant of the call; roles are those held in that practice.
    """

    kind: str = "anonymous"
    account_id: UUID | None = None
    practice_id: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    booking_id: UUID | None = None
    is_operator: bool = False
    issuer: str = ""
    because: str = ""

    def within(self, practice_id: UUID, roles: frozenset[str] = frozenset()) -> "Actor":
        """The same actor, in that practice with those roles."""
        return replace(self, practice_id=practice_id, roles=roles)

    @property
    def is_service(self) -> bool:
        return self.kind == "service"


def service_actor(name: str, practice_id: UUID | None, because: str) -> Actor:
    """A service acting by itself, in a practice, because of an event or a clock."""
    return Actor(kind="service", practice_id=practice_id, issuer=name, because=because)


class Signer:
    """Signs actor tokens in the name of one service or of the gateway."""

    def __init__(self, issuer: str, seed: str) -> None:
        self.issuer = issuer
        self._key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))

    def token(self, actor: Actor, audience: str, now: datetime) -> str:
        """A token that lets `audience` know `actor`, from `now` for 60 s."""
        return self._signed(_claims(actor), audience, now, LIFETIME)

    def voucher(self, fact: Mapping[str, Any], audience: str, now: datetime) -> str:
        """A fact (plain JSON) that `audience` may believe without asking back, for 15 s.

        Whoever asked us carries it there. It names no actor and lets nobody in.
        """
        return self._signed({"fact": dict(fact)}, audience, now, VOUCHED_FOR)

    def _signed(
        self, told: dict[str, Any], audience: str, now: datetime, lifetime: timedelta
    ) -> str:
        claims = told | {
            "iss": self.issuer,
            "aud": audience,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)


class Verifier:
    """Checks actor tokens against the public keys of the house; `audience` is this service."""

    def __init__(self, audience: str, public_keys: Mapping[str, str]) -> None:
        self.audience = audience
        self._keys = {
            issuer: Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
            for issuer, key in public_keys.items()
        }

    def actor(self, token: str) -> Actor:
        """The actor that the token names; raises Unauthenticated for any flaw."""
        try:
            issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
            return _actor(self._claims(token, issuer, LIFETIME))
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as flaw:
            raise Unauthenticated("the actor token is not valid") from flaw

    def fact(self, voucher: str, issuer: str) -> dict[str, Any]:
        """The fact that `issuer` vouches for to us; raises Unauthenticated for any flaw."""
        try:
            return dict(self._claims(voucher, issuer, VOUCHED_FOR)["fact"])
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as flaw:
            raise Unauthenticated("the voucher is not valid") from flaw

    def _claims(self, token: str, issuer: str, longest: timedelta) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            self._keys[issuer],
            algorithms=[ALGORITHM],
            audience=self.audience,
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "iat", "exp"]},
        )
        if claims["exp"] - claims["iat"] > longest.total_seconds():
            raise Unauthenticated("the token lives too long")
        return claims


def _claims(actor: Actor) -> dict[str, Any]:
    named = {
        "kind": actor.kind,
        "sub": actor.account_id and str(actor.account_id),
        "practice": actor.practice_id and str(actor.practice_id),
        "roles": sorted(actor.roles),
        "booking": actor.booking_id and str(actor.booking_id),
        "operator": actor.is_operator,
        "because": actor.because,
    }
    return {key: value for key, value in named.items() if value}


def _actor(claims: Mapping[str, Any]) -> Actor:
    return Actor(
        kind=claims["kind"],
        account_id=_uuid(claims.get("sub")),
        practice_id=_uuid(claims.get("practice")),
        roles=frozenset(claims.get("roles", ())),
        booking_id=_uuid(claims.get("booking")),
        is_operator=bool(claims.get("operator", False)),
        issuer=claims["iss"],
        because=claims.get("because", ""),
    )


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
