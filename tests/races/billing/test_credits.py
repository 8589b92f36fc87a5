"""200 bookings at once want a session of a package of ten: ten have one, and no session has two."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.operations.credits import use_credit
from services.billing.operations.package_ending import end_package, propose_end
from services.common.clock import utc_now
from services.common.database import Database, constraint_of
from services.common.money import Money
from services.contracts.billing.credits import NoCredit, UseCredit
from services.contracts.billing.packages import EndPackage, ProposeEnd
from services.contracts.billing.refunds import RefundChanged
from tests.integration.billing.owner import as_owner
from tests.races.billing.ten import PRICE, SESSIONS, Ten

BOOKINGS, RACERS = 200, 16
NO_GUARDS = (
    "ALTER TABLE billing.credit_uses DROP CONSTRAINT credit_uses_within_sessions",
    "DROP INDEX billing.credit_uses_once",
)
GUARDS = (
    (
        "ALTER TABLE billing.credit_uses ADD CONSTRAINT credit_uses_within_sessions"
        " CHECK (ordinal BETWEEN 1 AND sessions)"
    ),
    (
        "CREATE UNIQUE INDEX credit_uses_once ON billing.credit_uses"
        " (practice_id, sale_id, ordinal) WHERE state <> 'returned'"
    ),
)

Using = Callable[[Ten], str]


@pytest.fixture
def ten(race_database: Database) -> Ten:
    """A paid package in a practice of its own."""
    return Ten.of(race_database)


def race(ten: Ten, use: Using) -> Counter[str]:
    """What came of 200 of them, at most 16 at once."""
    with ThreadPoolExecutor(RACERS) as pool:
        return Counter(pool.map(lambda _: use(ten), range(BOOKINGS)))


def at_the_checkout(ten: Ten) -> str:
    """As a client does it."""
    command = UseCredit(booking_id=uuid7(), sale_id=ten.sale_id)
    try:
        use_credit(ten.around, command, actor=ten.client, now=utc_now())
    except NoCredit:
        return "none left"
    return "used"


def past_the_checkout(ten: Ten) -> str:
    """The next number after those that were seen, without a lock; the database alone is asked."""
    counted = text("SELECT count(*) + 1 FROM billing.credit_uses WHERE sale_id = :sale")
    query = text("""INSERT INTO billing.credit_uses (id, practice_id, account_id, sale_id, sessions,
        ordinal, booking_id, price_id, amount, single, currency, state, used_at)
        SELECT :id, practice_id, account_id, id, sessions, :ordinal, :id, :price, 8000, 9000,
            currency, 'used', now() FROM billing.package_sales WHERE id = :sale""")
    with ten.around.database.transaction(ten.admin) as tx:
        ordinal = tx.scalar(counted, {"sale": ten.sale_id})
    values = {"id": uuid7(), "ordinal": ordinal, "sale": ten.sale_id, "price": ten.price_id}
    try:
        with ten.around.database.transaction(ten.admin) as tx:
            tx.execute(query, values)
    except IntegrityError as error:
        return constraint_of(error)
    return "used"


def test_ten_of_two_hundred_have_a_session_and_the_books_know_it(ten: Ten) -> None:
    """Exactly ten, the others are told that none is left, and nothing is owed any more."""
    assert ten.deferred() == PRICE.amount
    assert race(ten, at_the_checkout) == Counter({"used": 10, "none left": 190})
    assert (ten.used(), ten.deferred()) == (SESSIONS, 0)


def test_what_is_used_while_a_package_ends_counts_and_nothing_is_used_after_it(ten: Ten) -> None:
    """Sixteen book and one ends it: whoever is first is counted, whoever is later has none, and
    what goes back is the rest of exactly those that are used."""
    with ThreadPoolExecutor(RACERS) as pool:
        using = [pool.submit(at_the_checkout, ten) for _ in range(SESSIONS // 2)]
        ending = pool.submit(ended, ten)
        using += [pool.submit(at_the_checkout, ten) for _ in range(BOOKINGS)]
        outcomes = Counter(one.result() for one in using)
    used = outcomes["used"]
    assert used == ten.used() <= SESSIONS
    assert ending.result().amount == PRICE.amount - used * PRICE.amount // SESSIONS
    assert ten.deferred() == 0


def ended(ten: Ten) -> Money:
    """Shown and confirmed; where a session was used meanwhile, looked at anew. What goes back."""
    while True:
        asked = ProposeEnd(sale_id=ten.sale_id)
        shown = propose_end(ten.around, asked, actor=ten.admin, now=utc_now())
        command = EndPackage(id=uuid7(), sale_id=ten.sale_id, agreed=shown.agreed)
        try:
            end_package(ten.around, command, actor=ten.admin, now=utc_now())
        except RefundChanged:
            continue
        return shown.refund


def test_past_the_checkout_the_database_holds_it_by_itself(ten: Ten) -> None:
    """A number that is taken, or beyond the last, is refused by name."""
    outcomes = race(ten, past_the_checkout)
    assert outcomes["used"] == ten.used() == SESSIONS
    assert outcomes.keys() <= {"used", "credit_uses_once", "credit_uses_within_sessions"}


def test_without_the_guards_sessions_would_be_used_that_nobody_bought(
    ten: Ten, servers: Stack
) -> None:
    """The twin: neither check nor index, and 200 sessions of a package of ten are used."""
    as_owner(servers, *NO_GUARDS)
    try:
        race(ten, past_the_checkout)
        assert ten.used() == BOOKINGS
    finally:
        as_owner(
            servers,
            f"SET attune.practice_id = '{ten.admin.practice_id}'",
            f"DELETE FROM billing.credit_uses WHERE sale_id = '{ten.sale_id}'",
            *GUARDS,
        )
