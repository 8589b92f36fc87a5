"""To which address the confirmation goes, shown once more in the browser that typed it.

Masked before it is kept: enough to notice a mistyped address, too little to learn one from a
browser that others use after. The cookie holds the last booking only.
"""

import base64
import binascii
from uuid import UUID

from fastapi import Request, Response

from services.common.crypto import is_signed, sign
from services.gateway.config import GatewayConfig
from services.gateway.visitors import set_cookie

SECONDS = 2 * 3600
PURPOSE = "sent-to"


def masked(email: str) -> str:
    """ "ro…@example.org": the first two letters, or one of a short name, and the domain."""
    name, _, domain = email.rpartition("@")
    return f"{name[: 2 if len(name) > 4 else 1]}…@{domain}"


def remember(settings: GatewayConfig, response: Response, booking_id: UUID, email: str) -> None:
    """Let this browser see the masked address on the booking's confirmation."""
    body = f"{booking_id.hex}-{base64.urlsafe_b64encode(masked(email).encode()).decode()}"
    signed = f"{body}.{sign(settings.key, PURPOSE, body)}"
    set_cookie(response, _cookie(settings), signed, SECONDS)


def recall(settings: GatewayConfig, request: Request, booking_id: UUID) -> str | None:
    """The masked address; None where this browser did not book it, or long ago."""
    body, _, signature = request.cookies.get(_cookie(settings), "").partition(".")
    named, _, text = body.partition("-")
    if named != booking_id.hex or not is_signed(settings.key, PURPOSE, body, signature):
        return None
    try:
        return base64.urlsafe_b64decode(text).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def forget(settings: GatewayConfig, request: Request, response: Response, booking_id: UUID) -> None:
    """Forget the address of this booking; that of another one stays."""
    if recall(settings, request, booking_id) is not None:
        response.delete_cookie(_cookie(settings), path="/", secure=True, httponly=True)


def _cookie(settings: GatewayConfig) -> str:
    return f"__Host-attune-sent-{settings.port}"
