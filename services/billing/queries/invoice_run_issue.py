"""A run's invoices issued: one statement for each table, however many there are."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.billing.models import InvoiceRun
from services.billing.queries.invoice_runs import FOR_MANY

# In one order, for everybody who locks several.
_LOCK = text("""
SELECT count(*) FROM (
    SELECT FROM billing.receivables r
    WHERE r.practice_id = :practice_id AND r.booking_id IN (
        SELECT l.booking_id FROM billing.invoice_run_lines l
        WHERE l.practice_id = :practice_id AND l.run_id = :run_id AND l.draft_id IS NOT NULL)
    ORDER BY r.id FOR NO KEY UPDATE) AS locked
""")
_LEAVE_CHANGED = text("""
UPDATE billing.invoice_run_lines l SET left_out = 'changed', draft_id = NULL
WHERE l.practice_id = :practice_id AND l.run_id = :run_id AND l.draft_id IS NOT NULL AND (
    NOT EXISTS (SELECT FROM billing.receivables r WHERE r.practice_id = l.practice_id
        AND r.booking_id = l.booking_id AND r.owed = l.owed AND r.client_id = l.client_id)
    OR EXISTS (SELECT FROM billing.invoiced_sessions s WHERE s.practice_id = l.practice_id
        AND s.booking_id = l.booking_id AND s.credit_note_id IS NULL))
""")
_INVOICES = text("""
INSERT INTO billing.invoices (id, practice_id, kind, year, number, client_id, account_id, currency,
    net, tax, total, issued_on, issued_at, due_on, logo_digest, content)
SELECT d.id, d.practice_id, 'invoice', :year, :last + row_number() OVER (ORDER BY d.position),
    d.client_id, s.account_id, d.currency, s.net, s.tax, s.gross, :issued_on, :issued_at, :due_on,
    :logo_digest, CAST(:content AS jsonb) || jsonb_build_object(
        'recipient_name', d.recipient_name, 'recipient_address', d.recipient_address)
FROM billing.invoice_run_drafts d
JOIN (SELECT draft_id, sum(net) AS net, sum(tax) AS tax, sum(gross) AS gross,
        CASE WHEN min(account_id::text) = max(account_id::text)
            THEN min(account_id::text)::uuid END AS account_id
    FROM billing.invoice_run_lines
    WHERE practice_id = :practice_id AND run_id = :run_id AND draft_id IS NOT NULL
    GROUP BY draft_id) AS s ON s.draft_id = d.id
WHERE d.practice_id = :practice_id AND d.run_id = :run_id
""")
_INVOICE_LINES = text("""
INSERT INTO billing.invoice_lines (practice_id, invoice_id, position, booking_id, words, session_on,
    quantity, unit_price, tax_rule, tax_basis_points, net, tax, gross)
SELECT practice_id, draft_id,
    row_number() OVER (PARTITION BY draft_id ORDER BY starts_at, booking_id),
    booking_id, words, session_on, 1, owed, tax_rule, tax_basis_points, net, tax, gross
FROM billing.invoice_run_lines
WHERE practice_id = :practice_id AND run_id = :run_id AND draft_id IS NOT NULL
""")
_SESSIONS = text("""
INSERT INTO billing.invoiced_sessions (practice_id, invoice_id, booking_id)
SELECT practice_id, draft_id, booking_id FROM billing.invoice_run_lines
WHERE practice_id = :practice_id AND run_id = :run_id AND draft_id IS NOT NULL
""")
_ISSUED = text("""
SELECT i.currency, count(*), sum(i.total) FROM billing.invoices i
JOIN billing.invoice_run_drafts d ON d.practice_id = i.practice_id AND d.id = i.id
WHERE d.practice_id = :practice_id AND d.run_id = :run_id
GROUP BY i.currency
""")
# What is invoiced is what is owed, session by session, and the books balance.
_ADDS_UP = text("""
SELECT NOT EXISTS (
    SELECT FROM billing.invoice_run_lines l
    LEFT JOIN billing.invoice_lines i ON i.practice_id = l.practice_id
        AND i.invoice_id = l.draft_id AND i.booking_id = l.booking_id
    LEFT JOIN billing.receivables r ON r.practice_id = l.practice_id AND r.booking_id = l.booking_id
    WHERE l.practice_id = :practice_id AND l.run_id = :run_id AND l.draft_id IS NOT NULL
    AND i.unit_price IS DISTINCT FROM r.owed)
AND NOT EXISTS (
    SELECT FROM billing.postings p WHERE p.practice_id = :practice_id
    GROUP BY p.currency HAVING sum(p.amount) <> 0)
""")


class Issue(NamedTuple):
    """What all invoices of a run have in common; `last` is the number before the first."""

    year: int
    last: int
    issued_on: date
    issued_at: datetime
    due_on: date
    logo_digest: str | None
    content: str


class Issued(NamedTuple):
    """How many invoices there are now, and their sums by currency in minor units."""

    invoices: int
    totals: dict[str, int]


def issue(tx: Session, run: InvoiceRun, told: Issue) -> Issued:
    """Issue what is still as it was looked up. The caller has the run and the counter locked."""
    given = {"practice_id": run.practice_id, "run_id": run.id}
    for statement in (FOR_MANY, _LOCK, _LEAVE_CHANGED):
        tx.execute(statement, given)
    tx.execute(_INVOICES, given | told._asdict())
    tx.execute(_INVOICE_LINES, given)
    tx.execute(_SESSIONS, given)
    rows = tx.execute(_ISSUED, given).all()
    return Issued(sum(row[1] for row in rows), {row[0]: int(row[2]) for row in rows})


def adds_up(tx: Session, run: InvoiceRun) -> bool:
    """Whether what was issued is what is owed, and the practice's books balance."""
    given = {"practice_id": run.practice_id, "run_id": run.id}
    return bool(tx.scalar(_ADDS_UP, given))
