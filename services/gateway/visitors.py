"""Who is visiting: the login behind a cookie or bearer token, and the bookings of a guest.

Cookies are `__Host-`, HttpOnly, Secure, SameSite=Lax, and named per port so that two local
copies do not share them.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from fastapi import Request, Response
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.crypto import is_signed, sign, token_key
from services.common.errors import ServiceUnavailable, Unauthenticated
from services.contracts import logins
from services.contracts.booking.bookings import BookingView
from services.contracts.profiles.accounts import LoginView
from services.gateway.answers import STREAM
from services.gateway.config import GatewayConfig

GUEST_BOOKINGS = 10
GUEST_RIGHT = "guest until"
UNATTENDED = "x-unattended"
"""The header of a request that a page makes by itself, because others changed what it shows."""
LIVES_AFTER_SESSION = timedelta(days=30)
"""A guest's right lasts as long as the links in the mails of the booking."""


@dataclass(frozen=True, slots=True)
class GuestBooking:
    """A booking that this browser (or API client) made without signing in.

    `until` is the end of the right to it, in seconds since 1970: it stands under the token's
    signature, for whoever copied a cookie does not mind how long the browser would keep it.
    """

    booking_id: UUID
    practice_id: UUID
    until: int

    def __str__(self) -> str:
        return f"{self.booking_id.hex}{self.practice_id.hex}{self.until:x}"

    @classmethod
    def parse(cls, text: str) -> "GuestBooking":
        return cls(UUID(text[:32]), UUID(text[32:64]), int(text[64:], 16))

    @classmethod
    def of(cls, booking: BookingView) -> "GuestBooking":
        """The right to a booking, as long as it lasts by the time of its session."""
        until = booking.ends_at + LIVES_AFTER_SESSION
        return cls(booking.id, booking.practice_id, int(until.timestamp()))


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: a login (with the key under which it is kept), or a guest and their bookings."""

    login: LoginView | None = None
    login_key: str = ""
    guest_bookings: tuple[GuestBooking, ...] = field(default=())

    def actor(self, practice_id: UUID | None = None) -> Actor:
        """The visitor as an actor, in a practice with the roles held there."""
        if self.login is None:
            return Actor(kind="anonymous", practice_id=practice_id)
        account = self.login.account
        roles = {
            role.value
            for membership in account.memberships
            if membership.practice_id == practice_id
            for role in membership.roles
        }
        return Actor(
            kind="person",
            account_id=account.id,
            practice_id=practice_id,
            roles=frozenset(roles),
            is_operator=account.is_operator,
        )

    def is_guest_of(self, booking_id: UUID) -> bool:
        """Whether this browser or API client made the booking as a guest."""
        return any(held.booking_id == booking_id for held in self.guest_bookings)

    def actor_of_booking(self, booking_id: UUID) -> Actor:
        """The visitor before one booking: its guest, else the person, within no practice yet."""
        for held in self.guest_bookings:
            if held.booking_id == booking_id:
                return link_actor(held.booking_id, held.practice_id)
        return self.actor()

    def require_login(self) -> LoginView:
        """The login; raises Unauthenticated where there is none."""
        if self.login is None:
            raise Unauthenticated("Please sign in.")
        return self.login


def with_new(visitor: Visitor, new: GuestBooking) -> tuple[GuestBooking, ...]:
    """A guest's rights with one that is new, or lasts for another time than before."""
    return (*_others(visitor, new.booking_id), new)[-GUEST_BOOKINGS:]


def _others(visitor: Visitor, booking_id: UUID) -> tuple[GuestBooking, ...]:
    return tuple(one for one in visitor.guest_bookings if one.booking_id != booking_id)


def link_actor(booking_id: UUID, practice_id: UUID) -> Actor:
    """Who holds the right to one booking, by a mail's link or as the guest who made it."""
    return Actor(kind="link", booking_id=booking_id, practice_id=practice_id)


class Doorkeeper:
    """Reads and writes the cookies, and the logins in Redis."""

    def __init__(self, settings: GatewayConfig, redis: "Redis") -> None:
        self._key = settings.key
        self._redis = redis
        self.login_cookie = f"__Host-attune-{settings.port}"
        self.guest_cookie = f"__Host-attune-guest-{settings.port}"

    async def visitor(self, request: Request) -> Visitor:
        """Who sends this web request. One that a page makes by itself begins no idle limit anew."""
        token = request.cookies.get(self.login_cookie, "")
        is_idle = UNATTENDED in request.headers or request.headers.get("accept") == STREAM
        login = await self._login(token, is_idle=is_idle) if token else None
        return Visitor(
            login=login,
            login_key=token_key(token) if login else "",
            guest_bookings=self.parse_guest(request.cookies.get(self.guest_cookie, "")),
        )

    async def bearer(self, request: Request) -> Visitor:
        """Who sends this API request: `Authorization: Bearer` a login's or a booking's token.

        Cookies do not count here, so no other site can act with them.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            return Visitor()
        if scheme.lower() != "bearer":
            raise Unauthenticated("Send the token as `Authorization: Bearer …`.")
        if guest := self.parse_guest(token):
            return Visitor(guest_bookings=guest)
        login = await self._login(token)
        if login is None:
            raise Unauthenticated("The token is unknown or has ended.")
        return Visitor(login=login, login_key=token_key(token))

    def guest_token(self, bookings: tuple[GuestBooking, ...]) -> str:
        """A signed list of bookings."""
        text = "-".join(str(booking) for booking in bookings[-GUEST_BOOKINGS:])
        return f"{text}.{sign(self._key, GUEST_RIGHT, text)}"

    def parse_guest(self, token: str) -> tuple[GuestBooking, ...]:
        """The bookings of a guest token that last still; none where it is not ours."""
        text, _, signature = token.partition(".")
        if not text or not is_signed(self._key, GUEST_RIGHT, text, signature):
            return ()
        now = utc_now().timestamp()
        held = (GuestBooking.parse(part) for part in text.split("-"))
        return tuple(one for one in held if now < one.until)

    def remember_guest(self, response: Response, visitor: Visitor, new: GuestBooking) -> None:
        """Let this browser see the booking that it made or moved, under a token made anew.

        The cookie goes with the last of its rights; what has ended is left out at each change.
        """
        self._keep(response, with_new(visitor, new))

    def forget_booking(self, response: Response, visitor: Visitor, booking_id: UUID) -> None:
        """Take this browser's right to one booking away; the others stay."""
        self._keep(response, _others(visitor, booking_id))

    def _keep(self, response: Response, kept: tuple[GuestBooking, ...]) -> None:
        if not kept:
            response.delete_cookie(self.guest_cookie, path="/", secure=True, httponly=True)
            return
        seconds = max(one.until for one in kept) - int(utc_now().timestamp())
        set_cookie(response, self.guest_cookie, self.guest_token(kept), max_age=max(0, seconds))

    def remember_login(self, response: Response, token: str) -> None:
        """Keep the login until the browser closes; the server ends it after idleness."""
        set_cookie(response, self.login_cookie, token)

    def forget(self, response: Response) -> None:
        """Take the login away, and a guest's bookings: who signs out leaves nothing behind."""
        for name in (self.login_cookie, self.guest_cookie):
            response.delete_cookie(name, path="/", secure=True, httponly=True)

    async def is_signed_in(self, login_key: str) -> bool:
        """Whether a login still lives, without prolonging it; while Redis is away, as before."""
        try:
            return bool(await self._redis.exists(logins.redis_key(login_key)))
        except RedisError:
            return True

    async def _login(self, token: str, *, is_idle: bool = False) -> LoginView | None:
        """The living login, its idle limit begun anew; revocation counts at once."""
        key = logins.redis_key(token_key(token))
        try:
            stored = await self._redis.get(key)
            if stored is None:
                return None
            login = logins.load(stored)
            if not is_idle:
                await self._redis.expire(key, logins.seconds_left(login, utc_now()))
        except RedisError as flaw:
            raise ServiceUnavailable("Signing in is away for a moment.") from flaw
        return login


def set_cookie(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """A cookie that only this host, only over a safe channel and no script can read."""
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="lax"
    )
