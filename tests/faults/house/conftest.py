"""One product for all kills."""

from collections.abc import Iterator

import pytest

from deploy.local.product import Product, running_product
from tests.factories.clinic import Clinic, open_clinic
from tests.factories.limits import ONE_ADDRESS
from tests.factories.witness import Witness

TOLD = {
    "ATTUNE_DEMO": "0",
    **ONE_ADDRESS,
    "ATTUNE_RECONCILE_SECONDS": "3",
}


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The product without its demo, and with looks at open pages every three seconds."""
    with running_product(told=TOLD, may_join=False) as running:
        yield running


@pytest.fixture
def clinic(product: Product) -> Clinic:
    """A practice of its own for each kill."""
    return open_clinic(product)


@pytest.fixture
def witness(product: Product) -> Witness:
    return Witness(product)
