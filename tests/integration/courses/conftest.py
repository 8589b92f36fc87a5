"""The migrated databases of booking and plans; each test has a practice of its own."""

from collections.abc import Callable

import pytest

from services.common.database import Database
from tests.integration.booking.practice import Practice
from tests.integration.courses.pair import Pair
from tests.integration.plans.desk import Desk, forget_keys


@pytest.fixture(scope="session")
def server_names() -> tuple[str, ...]:
    """The database alone."""
    return ("postgres",)


@pytest.fixture
def pair(database: Callable[[str], Database]) -> Pair:
    """A practitioner and a client who has had a session; earlier charts' keys are forgotten."""
    plans = database("plans")
    forget_keys(plans)
    practice = Practice(database("booking")).open()
    desk = Desk(
        plans,
        practice_id=practice.id,
        practitioner_id=practice.practitioner_id,
        practitioner_account=practice.practitioner_account,
    )
    return Pair(practice, desk).treated()
