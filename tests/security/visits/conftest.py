"""One product for all visits, with the limits of one address raised: all visitors share it."""

from collections.abc import Iterator

import pytest

from deploy.local.product import Product, running_product
from tests.factories.limits import ONE_ADDRESS
from tests.security.visits.cast import Cast, assemble
from tests.security.visits.recipes import MOST_HOLDS

TOLD = {
    "ATTUNE_DEMO": "0",
    **ONE_ADDRESS,
    "GATEWAY_OPEN_HOLDS": str(MOST_HOLDS),
    "PROFILES_ADDRESS_TRIES": "1000000",
    "PROFILES_SIGN_IN_TRIES": "1000000",
    "PROFILES_SIGN_IN_TRIES_EVERYWHERE": "1000000",
}


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    """The product without its demo."""
    with running_product(told=TOLD) as running:
        yield running


@pytest.fixture(scope="package")
def cast(product: Product) -> Iterator[Cast]:
    """Two practices with everybody who works there or comes."""
    with assemble(product) as made:
        yield made
