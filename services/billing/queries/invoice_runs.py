"""Runs of invoices: found and locked, their sessions staged and looked up, their invoices drafted.

What concerns all sessions of a run is one statement, however many there are.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from services.billing.models import DueWork, InvoiceRun, InvoiceRunDraft, InvoiceRunLine

# 100,000 sessions take seconds, and nobody waits for them. Rows that were written just now have no
# statistics: where the server takes them for few, it would compare each with each.
FOR_MANY = text("""
SELECT set_config('statement_timeout', '300s', true), set_config('enable_nestloop', 'off', true)
""")
_STAGE = text("""
INSERT INTO billing.invoice_run_lines (practice_id, run_id, booking_id, client_id, currency, owed)
SELECT r.practice_id, :run_id, r.booking_id, r.client_id, r.currency, r.owed
FROM billing.receivables r
WHERE r.practice_id = :practice_id AND r.owed > 0 AND NOT EXISTS (
    SELECT FROM billing.invoiced_sessions s WHERE s.practice_id = r.practice_id
    AND s.booking_id = r.booking_id AND s.credit_note_id IS NULL)
""")
_LOOKED_UP = text("""
UPDATE billing.invoice_run_lines l SET is_looked_up = true, left_out = x.left_out,
    account_id = x.account_id, starts_at = x.starts_at, session_on = x.session_on,
    recipient_name = x.recipient_name, words = x.words, tax_rule = x.tax_rule,
    tax_basis_points = x.tax_basis_points, net = x.net, tax = x.tax, gross = x.gross
FROM jsonb_to_recordset(CAST(:told AS jsonb)) AS x(booking_id uuid, left_out text, account_id uuid,
    starts_at timestamptz, session_on date, recipient_name text, words text, tax_rule text,
    tax_basis_points smallint, net bigint, tax bigint, gross bigint)
WHERE l.practice_id = :practice_id AND l.run_id = :run_id AND l.booking_id = x.booking_id
    AND l.booking_id = ANY(:booking_ids)
""")
# A client's sessions in their order, so many to an invoice.
_PART = text("""
UPDATE billing.invoice_run_lines l SET part = n.part
FROM (SELECT booking_id, (row_number() OVER (
        PARTITION BY client_id, currency ORDER BY starts_at, booking_id) - 1) / :most AS part
    FROM billing.invoice_run_lines
    WHERE practice_id = :practice_id AND run_id = :run_id AND left_out IS NULL) AS n
WHERE l.practice_id = :practice_id AND l.run_id = :run_id AND l.booking_id = n.booking_id
""")
# To whom the client's last invoice was addressed, where there is one: somebody else may pay.
_DRAFT = text("""
INSERT INTO billing.invoice_run_drafts (practice_id, run_id, id, position, client_id, currency,
    part, recipient_name, recipient_address, session_count, net, tax, total)
SELECT :practice_id, :run_id, gen_random_uuid(),
    row_number() OVER (ORDER BY named.name, p.client_id, p.currency, p.part),
    p.client_id, p.currency, p.part, named.name, coalesce(before.address, ''),
    p.session_count, p.net, p.tax, p.gross
FROM (SELECT client_id, currency, part, min(recipient_name) AS name, count(*) AS session_count,
        sum(net) AS net, sum(tax) AS tax, sum(gross) AS gross
    FROM billing.invoice_run_lines
    WHERE practice_id = :practice_id AND run_id = :run_id AND part IS NOT NULL
    GROUP BY client_id, currency, part) AS p
LEFT JOIN (SELECT DISTINCT ON (client_id) client_id, content->>'recipient_name' AS name,
        content->>'recipient_address' AS address
    FROM billing.invoices WHERE practice_id = :practice_id
    ORDER BY client_id, issued_at DESC) AS before USING (client_id)
CROSS JOIN LATERAL (SELECT coalesce(before.name, p.name) AS name) AS named
""")
_PUT_ON_DRAFTS = text("""
UPDATE billing.invoice_run_lines l SET draft_id = d.id
FROM billing.invoice_run_drafts d
WHERE l.practice_id = :practice_id AND l.run_id = :run_id
    AND d.practice_id = :practice_id AND d.run_id = :run_id
    AND (d.client_id, d.currency, d.part) = (l.client_id, l.currency, l.part)
""")


class Drafted(NamedTuple):
    """What a run would issue: how many invoices, and their sums by currency in minor units."""

    invoices: int
    totals: dict[str, int]


def latest(tx: Session, practice_id: UUID) -> InvoiceRun | None:
    """The run that began last."""
    mine = select(InvoiceRun).where(InvoiceRun.practice_id == practice_id)
    return tx.scalars(mine.order_by(InvoiceRun.started_at.desc()).limit(1)).first()


def lock_run(tx: Session, practice_id: UUID, run_id: UUID) -> InvoiceRun | None:
    """A run, kept from everybody else until the transaction ends."""
    one = select(InvoiceRun).where(InvoiceRun.practice_id == practice_id, InvoiceRun.id == run_id)
    return tx.scalars(one.with_for_update()).first()


def stage(tx: Session, practice_id: UUID, run_id: UUID) -> int:
    """Put down every session that is owed and on no invoice; how many."""
    done: Any = tx.execute(_STAGE, {"practice_id": practice_id, "run_id": run_id})
    return int(done.rowcount)


def waiting(tx: Session, run: InvoiceRun, limit: int) -> Sequence[InvoiceRunLine]:
    """Sessions that nobody has looked up, those of a client together."""
    query = select(InvoiceRunLine).where(
        InvoiceRunLine.practice_id == run.practice_id,
        InvoiceRunLine.run_id == run.id,
        ~InvoiceRunLine.is_looked_up,
    )
    ordered = query.order_by(InvoiceRunLine.client_id, InvoiceRunLine.booking_id)
    return tx.scalars(ordered.limit(limit)).all()


def keep_looked_up(tx: Session, run: InvoiceRun, told: list[dict[str, Any]]) -> None:
    """Write down what is known of sessions now."""
    given = {
        "practice_id": run.practice_id,
        "run_id": run.id,
        "told": json.dumps(told),
        "booking_ids": [UUID(one["booking_id"]) for one in told],
    }
    tx.execute(_LOOKED_UP, given)


def draft(tx: Session, run: InvoiceRun, most_lines: int) -> None:
    """Put what was looked up on invoices to be, by name."""
    given = {"practice_id": run.practice_id, "run_id": run.id, "most": most_lines}
    for statement in (FOR_MANY, _PART, _DRAFT, _PUT_ON_DRAFTS):
        tx.execute(statement, given)


def drafted(tx: Session, run: InvoiceRun) -> Drafted:
    """What the run would issue."""
    query = select(InvoiceRunDraft.currency, func.count(), func.sum(InvoiceRunDraft.total)).where(
        InvoiceRunDraft.practice_id == run.practice_id, InvoiceRunDraft.run_id == run.id
    )
    rows = tx.execute(query.group_by(InvoiceRunDraft.currency)).all()
    return Drafted(sum(row[1] for row in rows), {row[0]: int(row[2]) for row in rows})


def drafts(tx: Session, run: InvoiceRun, after: int, limit: int) -> Sequence[InvoiceRunDraft]:
    """The drafts after a position, by name."""
    query = select(InvoiceRunDraft).where(
        InvoiceRunDraft.practice_id == run.practice_id,
        InvoiceRunDraft.run_id == run.id,
        InvoiceRunDraft.position > after,
    )
    return tx.scalars(query.order_by(InvoiceRunDraft.position).limit(limit)).all()


def looked_up(tx: Session, run: InvoiceRun) -> dict[str | None, int]:
    """How many sessions were looked up, by why they are left out; None: they are not."""
    query = select(InvoiceRunLine.left_out, func.count()).where(
        InvoiceRunLine.practice_id == run.practice_id,
        InvoiceRunLine.run_id == run.id,
        InvoiceRunLine.is_looked_up,
    )
    return {row[0]: row[1] for row in tx.execute(query.group_by(InvoiceRunLine.left_out))}


def parked_at(tx: Session, run_id: UUID, kind: str) -> datetime | None:
    """When the work on a run was given up."""
    return tx.scalar(
        select(DueWork.parked_at).where(DueWork.kind == kind, DueWork.subject_id == run_id)
    )


def forget_work(tx: Session, run_id: UUID, kind: str) -> None:
    """Owe nothing more of a run."""
    tx.execute(delete(DueWork).where(DueWork.kind == kind, DueWork.subject_id == run_id))


def forget_staged(tx: Session, run: InvoiceRun) -> None:
    """Let go of what a run looked up."""
    for table in (InvoiceRunLine, InvoiceRunDraft):
        tx.execute(
            delete(table).where(table.practice_id == run.practice_id, table.run_id == run.id)
        )
