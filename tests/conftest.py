"""One running product for all suites that may share it: it takes half a minute to start."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deploy.local.product import Product


@pytest.fixture(scope="session")
def product() -> Iterator["Product"]:
    """A product of the tests' own, without its demo; it may be killed, as it comes back.

    Whoever shares it has practices and people of their own. Suites that ask whether anything was
    left undone come before those that leave mails to addresses that nobody has.
    """
    # Imported here: most runs of tests have no use for any of it.
    from tests.factories.house import started

    with started() as running:
        yield running
