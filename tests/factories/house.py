"""The shared product, and fixtures for tests that race through it or kill parts of it."""

from contextlib import AbstractContextManager

import pytest

from deploy.local.product import Product, running_product
from tests.factories.clinic import Clinic, open_clinic
from tests.factories.limits import MOST_HOLDS, ONE_ADDRESS
from tests.factories.witness import Witness

TOLD = {
    "ATTUNE_DEMO": "0",
    **ONE_ADDRESS,
    "GATEWAY_OPEN_HOLDS": str(MOST_HOLDS),
    "PROFILES_ADDRESS_TRIES": "1000000",
    "PROFILES_SIGN_IN_TRIES": "1000000",
    "PROFILES_SIGN_IN_TRIES_EVERYWHERE": "1000000",
    # A page whose webhook met a stopped process is looked at again soon.
    "ATTUNE_RECONCILE_SECONDS": "3",
    # What a killed worker had claimed is claimed anew soon.
    "BILLING_LEASE_SECONDS": "10",
}


def started() -> AbstractContextManager[Product]:
    """A product of the tests' own for the length of a `with` block."""
    return running_product(told=TOLD, may_join=False)


@pytest.fixture
def clinic(product: Product) -> Clinic:
    """A practice of its own for each test."""
    return open_clinic(product)


@pytest.fixture
def witness(product: Product) -> Witness:
    """Looks at what the product did."""
    return Witness(product)
