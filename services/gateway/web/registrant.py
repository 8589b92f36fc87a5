"""Who registers, and in which browser: kept there, with where it was about to go, until the mail
is opened.

The token proves, where the mail's link is opened in the same browser, that who opens it chose the
password; then nothing is typed again. It is set alike for every address.
"""

import base64
import binascii
from dataclasses import dataclass

from fastapi import Request, Response
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.crypto import token_key
from services.contracts.profiles.accounts import AccountView, GuestOf, RegisterAccount
from services.gateway.asking import address_of
from services.gateway.backend import Backend
from services.gateway.config import GatewayConfig
from services.gateway.forms.accounts import own_path
from services.gateway.visitors import Visitor, set_cookie
from services.gateway.web.zones import shown_zone
from services.gateway.wishes import guest_records

SECONDS = 3 * 24 * 3600
MOST_TOKEN = 64
MOST_RECORDS = 10
COMMON = "This password is among the most used ones. Choose another."


@dataclass(frozen=True, slots=True)
class Registrant:
    """A browser that registered; `next` is one of our own paths, or empty."""

    token: str
    next: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed to get an account."""

    email: str
    name: str
    password: str


async def register(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    token: str,
    typed: Typed,
    *bookings: GuestOf,
) -> None:
    """Ask for the mail; the answer is the same for every address. `token` is for this browser,
    `bookings` are of this moment, beside those that the browser has made.

    Raises CommonPassword, TooManyTries.
    """
    # The id is ours, and fresh: nobody learns by sending it twice whether it was stored.
    command = RegisterAccount(
        id=uuid7(),
        email=typed.email,
        password=typed.password,
        name=typed.name,
        time_zone=shown_zone(request, visitor).id,
        address=address_of(request),
        browser_key=token_key(token),
        guest_of=[*bookings, *guest_records(visitor)][:MOST_RECORDS],
    )
    await backend.ask(Actor(), command, AccountView)


def remember(request: Request, response: Response, registrant: Registrant) -> None:
    """Let this browser confirm without the password, and then go on."""
    path = base64.urlsafe_b64encode(registrant.next.encode()).decode().rstrip("=")
    set_cookie(response, _cookie(request), f"{registrant.token}.{path}", SECONDS)


def recall(request: Request) -> Registrant | None:
    """Who registered in this browser; None where nobody did, or long ago."""
    token, _, path = request.cookies.get(_cookie(request), "").partition(".")
    if not token or len(token) > MOST_TOKEN:
        return None
    try:
        text = base64.urlsafe_b64decode(path + "=" * (-len(path) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    return Registrant(token, own_path(text))


def forget(request: Request, response: Response) -> None:
    """It has served."""
    response.delete_cookie(_cookie(request), path="/", secure=True, httponly=True)


def _cookie(request: Request) -> str:
    settings: GatewayConfig = request.app.state.settings
    return f"__Host-attune-registrant-{settings.port}"
