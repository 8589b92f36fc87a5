"""Stripe's webhooks: raw bytes and signature go to billing; 503 makes Stripe come again."""

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.errors import InvalidInput
from services.contracts.billing import ReceiveWebhook, WebhookReceived
from services.gateway.backend import Backend

router = APIRouter()


@router.post("/webhooks/stripe", include_in_schema=False)
async def receive_stripe(request: Request) -> Response:
    """Hand the webhook on as it came; billing checks the signature and stores it."""
    signature = request.headers.get("stripe-signature", "")[:2000]
    command = ReceiveWebhook(payload=_text(await request.body()), signature=signature)
    backend: Backend = request.app.state.backend
    await backend.ask(Actor(), command, WebhookReceived)
    return Response(status_code=200)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise InvalidInput("Not UTF-8.", {"body": "must be UTF-8"}) from None
