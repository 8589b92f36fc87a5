"""One cast for all visits, in the shared product; all its visitors come from one address."""

from collections.abc import Iterator

import pytest

from deploy.local.product import Product
from tests.security.visits.cast import Cast, assemble
from tests.security.visits.test_answers import Answers, everybody_asks


@pytest.fixture(scope="package")
def cast(product: Product) -> Iterator[Cast]:
    """Two practices with everybody who works there or comes."""
    with assemble(product) as made:
        yield made


@pytest.fixture(scope="package")
def answers(cast: Cast) -> Answers:
    """Every line of the table asked by every visitor, once for all who look at what came back."""
    return everybody_asks(cast)
