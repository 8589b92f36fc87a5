"""Booking's migrated database, and a practice of its own for each test."""

from collections.abc import Callable

import pytest

from services.common.database import Database
from tests.integration.booking.practice import Practice


@pytest.fixture(scope="session")
def booking_database(database: Callable[[str], Database]) -> Database:
    """As the runtime role: neither owner nor above the policies."""
    return database("booking")


@pytest.fixture
def practice(booking_database: Database) -> Practice:
    return Practice(booking_database).open()


@pytest.fixture
def make_practice(booking_database: Database) -> Callable[..., Practice]:
    """Another practice; arguments change its offering."""
    return lambda **offering: Practice(booking_database).open(**offering)
