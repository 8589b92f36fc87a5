"""What must never be false of money, as counts of violations for `make doctor`.

Each runs within one practice.
"""

PRACTICES = "SELECT practice_id FROM billing.stripe_accounts"

CHECKS = {
    "every ledger transaction sums to zero": """
        SELECT count(*) FROM (
          SELECT 1 FROM billing.postings
          GROUP BY transaction_id, currency HAVING sum(amount) <> 0) AS unbalanced""",
    "no payment gave back more than it captured": """
        SELECT count(*) FROM billing.payments p
        WHERE p.refunded > p.captured OR p.captured < (
          SELECT coalesce(sum(r.amount), 0) FROM billing.refunds r
          WHERE r.payment_id = p.id AND r.state <> 'failed')""",
    "captured is allocated, retained, owed or sent back": """
        SELECT count(*) FROM (
          SELECT p.id FROM billing.payments p
          JOIN billing.ledger_transactions t ON t.payment_id = p.id
          JOIN billing.postings o ON o.transaction_id = t.id
          WHERE o.account IN ('booking_funds', 'retained_fees', 'refunds_due')
          GROUP BY p.id, p.captured, p.refunded
          HAVING p.captured <> p.refunded - sum(o.amount)) AS astray""",
}
