"""The HTTP API, version 1: JSON in and out, RFC 9457 problems, bearer tokens, no cookies."""

from fastapi import APIRouter

from services.gateway.api import accounts, availability, bookings, catalogue, directory, payments

router = APIRouter()
for part in (catalogue, directory, accounts, bookings, payments, availability):
    router.include_router(part.router)
