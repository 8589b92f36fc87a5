"""One product for all races over HTTP, with limits raised by its settings."""

from collections.abc import Iterator

import pytest

from deploy.local.product import Product, running_product
from tests.factories.clinic import Clinic, open_clinic
from tests.factories.limits import ONE_ADDRESS
from tests.factories.witness import Witness

TOLD = {
    "ATTUNE_DEMO": "0",
    **ONE_ADDRESS,
    # A page whose webhook met a stopped worker is looked at again soon.
    "ATTUNE_RECONCILE_SECONDS": "3",
}


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The product without its demo."""
    with running_product(told=TOLD, may_join=False) as running:
        yield running


@pytest.fixture
def clinic(product: Product) -> Clinic:
    """A practice of its own for each race."""
    return open_clinic(product)


@pytest.fixture
def witness(product: Product) -> Witness:
    return Witness(product)
