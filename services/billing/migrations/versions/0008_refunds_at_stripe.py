"""Refunds that were made at Stripe itself are taken over, each once."""

from alembic import op

revision = "0008"
down_revision = "0007"

WORK = """
ALTER TABLE billing.due_work
    DROP CONSTRAINT due_work_kind_known,
    ADD CONSTRAINT due_work_kind_known CHECK (
        kind IN ('settle_payment','make_refund','check_refund','settle_disputes','settle_payout',
            'reconcile','lapse_package','settle_refunds'))
"""
# A promise becomes less by what was sent already; not once Stripe may have been asked for it.
REFUNDS = """
DROP INDEX billing.refunds_stripe_refund_idx;
CREATE UNIQUE INDEX refunds_once_at_stripe ON billing.refunds (practice_id, stripe_refund_id);
CREATE TRIGGER refunds_amount_kept BEFORE UPDATE OF amount ON billing.refunds
    FOR EACH ROW
    WHEN (NEW.amount <> OLD.amount AND (OLD.state <> 'promised' OR OLD.sent_at IS NOT NULL))
    EXECUTE FUNCTION billing.refuse_change();
GRANT UPDATE (amount) ON billing.refunds TO attune_billing
"""


def upgrade() -> None:
    op.execute(WORK)
    op.execute(REFUNDS)
