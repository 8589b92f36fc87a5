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
    "no closed month has changed": """
        WITH months AS (
          SELECT id, lag(id) OVER (ORDER BY until_at) AS before FROM billing.closed_months),
        stood AS (
          SELECT m.id AS closed_month_id, e.account, e.currency,
            e.opening + e.debit - e.credit AS opening
          FROM months m JOIN billing.closed_balances e ON e.closed_month_id = m.before),
        moved AS (
          SELECT m.id AS closed_month_id, o.account, o.currency,
            sum(greatest(o.amount, 0)) AS debit, sum(greatest(-o.amount, 0)) AS credit
          FROM billing.ledger_transactions t
          JOIN billing.postings o ON o.practice_id = t.practice_id AND o.transaction_id = t.id
          CROSS JOIN LATERAL (
            SELECT c.id FROM billing.closed_months c
            WHERE c.practice_id = t.practice_id AND c.until_at > t.occurred_at
            ORDER BY c.until_at LIMIT 1) m
          GROUP BY m.id, o.account, o.currency)
        SELECT count(*) FROM billing.closed_balances b
        FULL JOIN moved o USING (closed_month_id, account, currency)
        FULL JOIN stood s USING (closed_month_id, account, currency)
        WHERE (coalesce(b.opening, 0), coalesce(b.debit, 0), coalesce(b.credit, 0))
          <> (coalesce(s.opening, 0), coalesce(o.debit, 0), coalesce(o.credit, 0))""",
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
              WHERE t.payment_id = p.id AND t.kind IN ('ended', 'granted', 'package_ended')
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
            WHERE t.payment_id = p.id AND t.kind IN ('charged', 'adjusted')
              AND o.account IN ('booking_funds', 'deferred_revenue'))""",
    "what is owed for a session on account is what the ledger earned of it": """
        SELECT count(*) FROM billing.receivables r
        WHERE r.owed <> (
            SELECT coalesce(sum(o.amount), 0) FROM billing.postings o
            JOIN billing.ledger_transactions t ON t.id = o.transaction_id
            WHERE t.receivable_id = r.id AND o.account = 'receivables')""",
    "what is deferred of a package is what its unused sessions are worth": """
        SELECT count(*) FROM billing.package_sales s JOIN billing.payments p
          ON p.practice_id = s.practice_id AND p.booking_id = s.id
        WHERE p.disputed = 0 AND (
            SELECT coalesce(-sum(o.amount), 0) FROM billing.postings o
            JOIN billing.ledger_transactions t ON t.id = o.transaction_id
            WHERE t.payment_id = p.id AND o.account = 'deferred_revenue')
          <> CASE WHEN s.state <> 'active' THEN 0 ELSE s.amount - (
            SELECT coalesce(sum(u.amount), 0) FROM billing.credit_uses u
            WHERE u.sale_id = s.id AND u.state <> 'returned') END""",
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
    "every account at Stripe was compared with the ledger in the last 15 minutes": """
        SELECT count(*) FROM billing.due_work w
        WHERE w.kind = 'reconcile' AND w.created_at < now() - interval '15 minutes'
          AND w.practice_id = NULLIF(current_setting('attune.practice_id', true), '')::uuid
          AND NOT EXISTS (
            SELECT 1 FROM billing.reconciliation_runs r
            WHERE r.practice_id = w.practice_id
              AND r.finished_at > now() - interval '15 minutes')""",
    "no difference from Stripe has been open for more than 15 minutes": """
        SELECT count(*) FROM billing.reconciliation_differences d
        WHERE d.state = 'open' AND d.first_seen_at < now() - interval '15 minutes'""",
    "captured is allocated, retained, owed, disputed or sent back": """
        SELECT count(*) FROM (
          SELECT p.id FROM billing.payments p
          JOIN billing.ledger_transactions t ON t.payment_id = p.id
          JOIN billing.postings o ON o.transaction_id = t.id
          WHERE o.account IN ('booking_funds', 'retained_fees', 'refunds_due', 'disputed',
            'deferred_revenue', 'lapsed_credits')
          GROUP BY p.id, p.captured, p.refunded
          HAVING p.captured <> p.refunded - sum(o.amount)) AS astray""",
}
