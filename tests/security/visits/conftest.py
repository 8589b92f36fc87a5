"""One cast for all visits, in the shared product; all its visitors come from one address."""

from collections.abc import Iterator

import pytest

from deploy.local.product import Product
from tests.factories.couple import Couple
from tests.factories.invoices import write_receipt
from tests.security.visits.cast import Cast, assemble


@pytest.fixture(scope="package")
def cast(product: Product) -> Iterator[Cast]:
    """Two practices with everybody who works there or comes; "client" has a receipt."""
    with assemble(product) as made:
        account_id = made.people["client"].account_id
        couple = Couple(product, made.clinic, made.client_id, account_id)
        write_receipt(couple, made.bookings["client"].id)
        yield made
