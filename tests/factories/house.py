"""Fixtures for tests that race through the whole product or kill parts of it."""

from collections.abc import Iterator

import pytest

from deploy.local.product import Product, running_product
from tests.factories.clinic import Clinic, open_clinic
from tests.factories.limits import ONE_ADDRESS
from tests.factories.witness import Witness

TOLD = {
    "ATTUNE_DEMO": "0",
    **ONE_ADDRESS,
    # A page whose webhook met a stopped process is looked at again soon.
    "ATTUNE_RECONCILE_SECONDS": "3",
    # What a killed worker had claimed is claimed anew soon.
    "BILLING_LEASE_SECONDS": "10",
}


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """A product of the tests' own, without its demo."""
    with running_product(told=TOLD, may_join=False) as running:
        yield running


@pytest.fixture
def clinic(product: Product) -> Clinic:
    """A practice of its own for each test."""
    return open_clinic(product)


@pytest.fixture
def witness(product: Product) -> Witness:
    """Looks at what the product did."""
    return Witness(product)
