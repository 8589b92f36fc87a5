"""The HTTP API, version 1: JSON in and out, RFC 9457 problems, bearer tokens, no cookies."""

from services.gateway.api import accounts, availability, bookings, catalogue, directory, payments

PARTS = (catalogue, directory, accounts, bookings, payments, availability)
#: By their whole paths, in one flat list: routers within routers would be searched three times a
#: request.
ROUTES = [route for part in PARTS for route in part.router.routes]
