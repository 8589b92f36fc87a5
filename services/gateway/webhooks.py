"""Stripe's webhooks: raw bytes and signature go to billing; 503 makes Stripe come again."""

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.errors import InvalidInput
from services.contracts.billing import ReceiveWebhook, WebhookReceived
from services.gateway.backend import Backend

router = APIRouter()
LARGEST_BYTES = 512 * 1024


@router.post("/webhooks/stripe")
async def receive_stripe(request: Request) -> Response:
    """Hand the webhook on as it came; billing checks the signature and stores it."""
    payload = await _read(request)
    command = ReceiveWebhook(
        payload=payload, signature=request.headers.get("stripe-signature", "")[:2000]
    )
    backend: Backend = request.app.state.backend
    await backend.ask(Actor(), command, WebhookReceived)
    return Response(status_code=200)


async def _read(request: Request) -> str:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BYTES:
            raise InvalidInput("Too large.", {"body": "at most 512 KiB"})
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise InvalidInput("Not UTF-8.", {"body": "must be UTF-8"}) from None
