"""The money desk's first page: what needs action, with the ways to it."""

from uuid import uuid4

from services.common.money import Money
from services.contracts.billing.attention import (
    GetMoneyOverview,
    LatePayment,
    MoneyOverviewView,
    OwedAge,
    OwedSum,
    StuckLook,
    StuckWork,
)
from services.contracts.billing.disputes import DisputesPage, ListDisputes
from services.contracts.billing.reconciliation import GetReconciliation, ReconciliationView
from services.contracts.billing.refunds import ListRefunds, RefundsPage
from services.contracts.profiles.accounts import Role
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_money_desk import CLIENT, HERE, NELL, desk
from tests.unit.gateway.test_today import START

BASE = f"/practices/{HERE}/money"
EUR = "EUR"
PAYMENT = uuid4()
OVERVIEW = MoneyOverviewView(
    stuck=[
        StuckWork(
            kind="make_refund",
            error="StripeRefused: charge_disputed",
            parked_at=START,
            payment_id=PAYMENT,
            client_id=CLIENT,
            money=Money(4500, EUR),
        )
    ],
    stuck_count=3,
    late=[
        LatePayment(
            payment_id=PAYMENT,
            client_id=CLIENT,
            money=Money(9000, EUR),
            at=START,
            is_back=False,
        )
    ],
    late_count=1,
    owed=[OwedSum(age=OwedAge.TO_60, count=2, money=Money(18000, EUR))],
)


AGREES = ReconciliationView(
    is_connected=True,
    last_run=None,
    running=None,
    due_at=None,
    balances=[],
    open_count=0,
    differences=[],
)


def test_what_needs_action_is_told_first_with_its_ways() -> None:
    """Counts, reasons in words, and a way to each payment and each age."""
    told = {
        GetMoneyOverview: lambda _: OVERVIEW,
        ListDisputes: lambda _: DisputesPage(disputes=[]),
        ListRefunds: lambda _: RefundsPage(refunds=[]),
        GetReconciliation: lambda _: AGREES,
    }
    app = desk(Role.ADMIN, told=told)
    shown = fetch(app, BASE).text
    for text in ("(3)", "2 more are older", "charge_disputed", "€45", "2 sessions", "€180"):
        assert text in shown
    assert f'href="{BASE}/payments/{PAYMENT}"' in shown
    assert f'href="{BASE}/owed?age=31-60"' in shown


def test_looks_that_were_given_up_say_what_to_do() -> None:
    """Each leads to where it is begun again or to its payout, in words."""
    looks = [
        StuckLook(
            kind=kind,
            error="StripeRefused: account_invalid",
            parked_at=START,
            payout_id=payout_id,
            money=money,
        )
        for kind, payout_id, money in (
            ("reconcile", None, None),
            ("settle_payout", CLIENT, Money(30000, EUR)),
            ("settle_payout", NELL, None),
        )
    ]
    told = {
        GetMoneyOverview: lambda _: OVERVIEW.model_copy(
            update={"stuck": [], "stuck_count": 0, "looks": looks, "looks_count": 4}
        ),
        ListDisputes: lambda _: DisputesPage(disputes=[]),
        ListRefunds: lambda _: RefundsPage(refunds=[]),
        GetReconciliation: lambda _: AGREES,
    }
    shown = fetch(desk(Role.ADMIN, told=told), BASE).text.split("<main")[1]
    for text in (
        *("The books were not compared with Stripe", "The payout of €300", "(4)"),
        *("A payout that was announced", "account_invalid", "Compare now", "1 more is older"),
    ):
        assert text in shown
    for below in ("reconciliation", f"payouts/{CLIENT}", f"payouts/{NELL}"):
        assert f'href="{BASE}/{below}"' in shown
    assert "went through" not in shown
