"""All that the twin knows of Stripe: each resource with its routes."""

from __future__ import annotations

from deploy.local.stripe_twin import (
    accounts,
    balance,
    charges,
    checkout,
    customers,
    disputes,
    events,
    fees,
    payments,
    refunds,
)
from deploy.local.stripe_twin.call import Route

_RESOURCES = (
    accounts,
    balance,
    charges,
    checkout,
    customers,
    disputes,
    events,
    fees,
    payments,
    refunds,
)
ROUTES: list[Route] = [route for resource in _RESOURCES for route in resource.ROUTES]
