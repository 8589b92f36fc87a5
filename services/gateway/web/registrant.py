"""Which browser registered, and where it was about to go: kept there until the mail is opened.

The token proves, where the mail's link is opened in the same browser, that who opens it chose the
password; then nothing is typed again. It is set alike for every address.
"""

import base64
import binascii
from dataclasses import dataclass

from fastapi import Request, Response

from services.gateway.config import GatewayConfig
from services.gateway.forms.accounts import own_path
from services.gateway.visitors import set_cookie

SECONDS = 3 * 24 * 3600
MOST_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Registrant:
    """A browser that registered; `next` is one of our own paths, or empty."""

    token: str
    next: str = ""


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
