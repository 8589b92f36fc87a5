"""R8: 200 refunds of one payment at once never exceed what was captured."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.models import Payment
from services.billing.operations.endings import promise_refund
from services.billing.operations.giving_back import propose_refund, refund_payment
from services.common.clock import utc_now
from services.common.database import constraint_of
from services.common.errors import InvalidInput
from services.common.money import Money
from services.contracts.billing.refunds import (
    NothingToRefund,
    ProposeRefund,
    RefundChanged,
    RefundPayment,
    RefundReason,
    RefundWay,
)
from tests.integration.billing.owner import without_trigger
from tests.races.billing.paid import CAPTURED, Paid

REFUNDS, RACERS = 200, 16
TENTH = Money(CAPTURED.amount // 10, "EUR")


Refunding = Callable[[Paid], str]


def race(paid: Paid, refund: Refunding) -> Counter[str]:
    """What came of 200 of them, at most 16 at once."""
    with ThreadPoolExecutor(RACERS) as pool:
        return Counter(pool.map(lambda _: refund(paid), range(REFUNDS)))


def at_the_desk(paid: Paid) -> str:
    """Shown and confirmed; where the figures changed meanwhile, looked at anew."""
    while True:
        try:
            asked = ProposeRefund(payment_id=paid.payment_id, way=RefundWay.PART, money=TENTH)
            shown = propose_refund(paid.around, asked, actor=paid.admin)
            command = RefundPayment(
                id=uuid7(),
                payment_id=paid.payment_id,
                way=RefundWay.PART,
                money=TENTH,
                reason=RefundReason.GOODWILL,
                agreed=shown.agreed,
            )
            refund_payment(paid.around, command, actor=paid.admin, now=utc_now())
        except RefundChanged:
            continue
        except (NothingToRefund, InvalidInput):
            return "refused"
        return "promised"


def past_the_desk(paid: Paid) -> str:
    """Promised without a lock and without a look at what was promised before."""
    try:
        with paid.around.database.transaction(paid.admin) as tx:
            payment = tx.get_one(Payment, paid.payment_id)
            promise_refund(tx, payment, TENTH, 10, "cancelled", utc_now())
    except IntegrityError as error:
        return constraint_of(error)
    return "promised"


@pytest.mark.parametrize("refund", [at_the_desk, past_the_desk])
def test_two_hundred_at_once_stay_within_what_was_captured(paid: Paid, refund: Refunding) -> None:
    """Ten tenths go back and no more: at the desk by its lock and the figures that were shown,
    past it by the database alone."""
    outcomes = race(paid, refund)
    assert outcomes["promised"] == 10
    assert sum(outcomes.values()) == REFUNDS
    assert sum(paid.promised()) == CAPTURED.amount


def test_without_the_guards_they_would_exceed_it(paid: Paid, servers: Stack) -> None:
    """The twin: neither lock nor trigger, and more goes back than came."""
    with without_trigger(servers, "refunds", "refunds_within_captured"):
        race(paid, past_the_desk)
    assert sum(paid.promised()) > CAPTURED.amount
