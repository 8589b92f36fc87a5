"""One product and one browser for all end-to-end tests; a fresh profile for each visitor."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from deploy.local.product import Product, running_product
from tests.e2e.behind import Behind
from tests.e2e.browsing import Visitors, chromium
from tests.e2e.post import Post
from tests.factories.limits import ONE_ADDRESS

TOLD = {
    **ONE_ADDRESS,
    "PROFILES_ADDRESS_TRIES": "10000",
    "PROFILES_SIGN_IN_TRIES": "1000",
    "PROFILES_SIGN_IN_TRIES_EVERYWHERE": "1000",
}


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product with its demo."""
    with running_product(told=TOLD) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as running:
        yield running


@pytest.fixture
def visitors(browser: Browser, product: Product) -> Iterator[Visitors]:
    """Makes visitors; their profiles end with the test."""
    made = Visitors(browser, product)
    yield made
    made.close()


@pytest.fixture(scope="session")
def post(product: Product) -> Iterator[Post]:
    """The mailbox."""
    with Post(product.mailbox_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def behind(product: Product) -> Iterator[Behind]:
    """What the database and the twin say."""
    with Behind(product) as opened:
        yield opened
