"""The shared product, and fixtures for tests that race through it or kill parts of it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing

import psycopg2
import pytest

from deploy.local.database_roles import target_url
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
    # Its processes can be told to die at a point of their work.
    "ATTUNE_CRASH_POINTS": "1",
}


FORGET = """
    DELETE FROM billing.due_work WHERE kind = %s AND parked_at IS NULL AND practice_id = %s
"""


def started() -> AbstractContextManager[Product]:
    """A product of the tests' own for the length of a `with` block."""
    return running_product(told=TOLD, may_join=False)


@pytest.fixture
def clinic(product: Product) -> Iterator[Clinic]:
    """A practice of its own for each test; the payment pages that it leaves open concern nobody."""
    opened = open_clinic(product)
    yield opened
    leave_open_pages(product, opened)


def leave_open_pages(product: Product, clinic: Clinic) -> None:
    """Look no more at what nobody will pay: hundreds of pages, each asked for every few seconds,
    would keep the worker from those of the next test until their holds lapse."""
    forget_owed_work(product, clinic, "settle_payment")


def forget_owed_work(product: Product, clinic: Clinic, kind: str) -> None:
    """Owe nothing of this kind any more for the clinic's money."""
    with (
        closing(psycopg2.connect(target_url(product.stack))) as line,
        line,
        line.cursor() as cursor,
    ):
        cursor.execute(FORGET, [kind, str(clinic.id)])


@pytest.fixture
def witness(product: Product) -> Witness:
    """Looks at what the product did."""
    return Witness(product)
