"""What must never be false of money, as counts of violations for `make doctor`.

Each runs within one practice.
"""

PRACTICES = """SELECT practice_id FROM billing.stripe_accounts
    UNION SELECT practice_id FROM billing.prices"""

CHECKS = {
    "every ledger transaction sums to zero": """
        SELECT count(*) FROM (
          SELECT 1 FROM billing.postings
          GROUP BY transaction_id, currency HAVING sum(amount) <> 0) AS unbalanced""",
    "no payment gave back more than it captured": """
        SELECT count(*) FROM billing.payments p
        WHERE p.refunded + p.disputed > p.captured OR p.captured < p.disputed + (
          SELECT coalesce(sum(r.amount), 0) FROM billing.refunds r
          WHERE r.payment_id = p.id)""",
    "every refund that was promised is in the ledger, and none besides": """
        SELECT count(*) FROM billing.payments p
        WHERE (SELECT coalesce(sum(r.amount), 0) FROM billing.refunds r WHERE r.payment_id = p.id)
          <> (SELECT coalesce(-sum(o.amount), 0) FROM billing.postings o
              JOIN billing.ledger_transactions t ON t.id = o.transaction_id
              WHERE t.payment_id = p.id AND t.kind IN ('ended', 'granted')
                AND o.account = 'refunds_due')""",
    "every promised refund is owed as work": """
        SELECT count(*) FROM billing.refunds r
        WHERE r.state = 'promised' AND NOT EXISTS (
          SELECT 1 FROM billing.due_work w WHERE w.kind = 'make_refund' AND w.subject_id = r.id)""",
    "every payment asks for its price, and captured what the ledger charged": """
        SELECT count(*) FROM billing.payments p JOIN billing.prices v ON v.id = p.price_id
        WHERE (p.amount, p.currency) <> (v.amount, v.currency)
          OR p.captured <> (
            SELECT coalesce(-sum(o.amount), 0) FROM billing.postings o
            JOIN billing.ledger_transactions t ON t.id = o.transaction_id
            WHERE t.payment_id = p.id AND t.kind = 'charged' AND o.account = 'booking_funds')""",
    "what is owed for a session on account is what the ledger earned of it": """
        SELECT count(*) FROM billing.receivables r
        WHERE r.owed <> (
            SELECT coalesce(sum(o.amount), 0) FROM billing.postings o
            JOIN billing.ledger_transactions t ON t.id = o.transaction_id
            WHERE t.receivable_id = r.id AND o.account = 'receivables')""",
    "what went back is what the refunds say": """
        SELECT count(*) FROM billing.payments p
        WHERE p.refunded <> (
          SELECT coalesce(sum(r.amount), 0) FROM billing.refunds r
          WHERE r.payment_id = p.id AND r.state IN ('made', 'elsewhere'))""",
    "what is disputed is what the disputes took, and what the ledger has of them": """
        SELECT count(*) FROM billing.payments p
        WHERE p.disputed <> (
            SELECT coalesce(sum(d.taken), 0) FROM billing.disputes d
            WHERE d.payment_id = p.id AND d.reinstated_at IS NULL)
          OR p.disputed <> (
            SELECT coalesce(-sum(o.amount), 0) FROM billing.postings o
            JOIN billing.ledger_transactions t ON t.id = o.transaction_id
            WHERE t.payment_id = p.id AND o.account = 'disputed')""",
    "every invoice is the sum of its lines": """
        SELECT count(*) FROM billing.invoices i
        WHERE NOT EXISTS (
            SELECT 1 FROM billing.invoice_lines l
            WHERE l.practice_id = i.practice_id AND l.invoice_id = i.id
            HAVING (sum(l.net), sum(l.tax), sum(l.gross)) = (i.net, i.tax, i.total))""",
    "invoices are numbered without a gap": """
        SELECT count(*) FROM (
          SELECT 1 FROM billing.invoice_counters c
          LEFT JOIN billing.invoices i ON i.practice_id = c.practice_id AND i.year = c.year
          GROUP BY c.practice_id, c.year, c.last_number
          HAVING c.last_number <> count(i.id) OR max(i.number) <> count(i.id)) AS broken""",
    "captured is allocated, retained, owed, disputed or sent back": """
        SELECT count(*) FROM (
          SELECT p.id FROM billing.payments p
          JOIN billing.ledger_transactions t ON t.payment_id = p.id
          JOIN billing.postings o ON o.transaction_id = t.id
          WHERE o.account IN ('booking_funds', 'retained_fees', 'refunds_due', 'disputed')
          GROUP BY p.id, p.captured, p.refunded
          HAVING p.captured <> p.refunded - sum(o.amount)) AS astray""",
}
