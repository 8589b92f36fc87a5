"""Celery tasks of billing, repeated by the beat; each claims what is due and may run twice."""

from datetime import timedelta
from functools import cache

from celery import shared_task

from services.billing.operations import (
    disputes,
    invoice_run_work,
    package_ending,
    payouts,
    reconciling,
    refund_failures,
    refunds,
    refunds_at_stripe,
    settling,
    webhooks,
    work,
)
from services.billing.operations.surroundings import BACKGROUND, Surroundings
from services.common.clock import utc_now
from services.common.runtime import of_process

EVERY: dict[str, float] = {
    "billing.process_stripe_events": 1.0,
    "billing.reconcile": 5.0,
}
STEPS: dict[str, work.Step] = {
    work.SETTLE_PAYMENT: settling.settle_payment,
    work.MAKE_REFUND: refunds.make_refund,
    work.SETTLE_PAYOUT: payouts.settle_payout,
    work.CHECK_REFUND: refund_failures.check_refund,
    work.SETTLE_REFUNDS: refunds_at_stripe.settle_refunds,
    work.SETTLE_DISPUTES: disputes.settle_disputes,
    work.LAPSE_PACKAGE: package_ending.lapse_package,
}
#: Less than a tick: the next one goes on.
LOOKING = timedelta(seconds=4)
#: Apart from the others: nobody's money waits for a look, or for an invoice.
LOOKS: dict[str, work.Step] = {
    work.RECONCILE: reconciling.reconcile,
    work.INVOICE_RUN: invoice_run_work.go_on,
}


@cache
def around() -> Surroundings:
    """Made once a process, after the fork."""
    return Surroundings.of(of_process("billing"), BACKGROUND)


@shared_task(name="billing.process_stripe_events")  # type: ignore[untyped-decorator]
def process_stripe_events() -> None:
    """Turn webhooks into looks at payments, then do what is due at Stripe."""
    webhooks.process_stripe_events(around().database, utc_now(), around().lease)
    work.work_off(around(), STEPS, utc_now)


@shared_task(name="billing.reconcile")  # type: ignore[untyped-decorator]
def reconcile() -> None:
    """Hold the ledgers against Stripe, account by account and page by page, as each is due; go on
    with runs of invoices."""
    until = utc_now() + LOOKING
    reconciling.owe_looks(around().database, utc_now())
    while work.work_off(around(), LOOKS, utc_now) and utc_now() < until:
        pass
