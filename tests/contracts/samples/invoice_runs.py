"""Samples of runs of invoices: what is asked of them, and the answer."""

from datetime import date

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing.invoice_runs import (
    GetInvoiceRun,
    InvoiceDraft,
    InvoiceRunPage,
    InvoiceRunView,
    IssueInvoiceRun,
    LeftOut,
    RunState,
    StartInvoiceRun,
    StopInvoiceRun,
    StopReason,
)
from tests.contracts.samples.values import ACT, CLIENT, LATER, OCCURRED

UNTIL = date(2026, 10, 31)
DRAFT = InvoiceDraft(
    id=ACT,
    client_id=CLIENT,
    recipient_name="Jana Ohlendorf",
    session_count=4,
    total=Money(36000, "EUR"),
)
RUN = InvoiceRunView(
    id=ACT,
    until_on=UNTIL,
    state=RunState.STOPPED,
    started_at=OCCURRED,
    ended_at=LATER,
    stop_reason=StopReason.SETTINGS,
    session_count=120,
    looked_up=120,
    left_out={LeftOut.LATER: 2},
    invoice_count=31,
    totals=[Money(1062000, "EUR")],
    is_given_up=False,
)
BILLING: list[BaseModel] = [
    StartInvoiceRun(id=ACT, until_on=UNTIL),
    GetInvoiceRun(cursor="25", limit=25),
    IssueInvoiceRun(run_id=ACT),
    StopInvoiceRun(run_id=ACT),
    DRAFT,
    RUN,
    InvoiceRunPage(run=RUN, drafts=[DRAFT], next_cursor="26"),
]
