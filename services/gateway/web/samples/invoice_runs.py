"""Samples of invoicing all that is owed, in each state of a run."""

from typing import Any

from services.contracts.billing.invoice_runs import LeftOut, StopReason
from services.gateway.web.invoice_runs import LEFT_OUT, STOPPED
from services.gateway.web.samples.invoices import BASE, FORM_ID, NO_PAGES, desk
from services.gateway.web.samples.people import ADMIN

Context = dict[str, Any]
State = tuple[str, Context]
DRAFTS = [
    {"recipient_name": name, "session_count": count, "total_label": f"€{95 * count}"}
    for name, count in (("Ada Brandt", 1), ("Jonas Wernicke", 4), ("Maren Thiele-Hohenstein", 2))
]


def _run(state: str, **changes: Any) -> Context:
    told: Context = {
        "state": state,
        "is_given_up": False,
        "is_over": state in ("issued", "stopped"),
        "until_label": "30 November 2026",
        "at_label": "1 December 2026, 09:12",
        "looked_up": 7,
        "session_count": 7,
        "invoice_count": 3,
        "total_label": "€665",
        "left_out": [],
        "stopped_label": "",
        "issue_url": f"{BASE}/invoices/run/1/issue",
        "stop_url": f"{BASE}/invoices/run/1/stop",
    }
    return told | changes


def _page(run: Context | None, **changes: Any) -> State:
    told: Context = {
        "viewer": ADMIN,
        "desk": desk("invoices"),
        "back_url": f"{BASE}/invoices",
        "owed_url": f"{BASE}/owed",
        "refresh_url": f"{BASE}/invoices/run",
        "run": run,
        "drafts": [],
        "pages": NO_PAGES,
        "action": f"{BASE}/invoices/run",
        "form_id": FORM_ID,
        "values": {"until_on": "2026-11-30"},
        "errors": {},
    }
    return "invoice_run.html", told | changes


OUT = [LEFT_OUT[LeftOut.LATER][1].format(count=2), LEFT_OUT[LeftOut.UNPRINTABLE][0]]
STATES: dict[str, State] = {
    "invoice-run": _page(None),
    "invoice-run-flawed": _page(
        None, values={"until_on": ""}, errors={"until_on": "Choose the last day to invoice."}
    ),
    "invoice-run-looking-up": _page(
        _run("looking_up", looked_up=300, session_count=1204, invoice_count=0, total_label="")
    ),
    "invoice-run-ready": _page(
        _run("ready", left_out=OUT),
        drafts=DRAFTS,
        pages={"label": "Page 1", "prev_url": None, "next_url": "?page=x"},
    ),
    "invoice-run-ready-for-none": _page(_run("ready", invoice_count=0, left_out=OUT)),
    "invoice-run-issuing": _page(_run("issuing")),
    "invoice-run-given-up": _page(_run("issuing", is_given_up=True)),
    "invoice-run-issued": _page(_run("issued", left_out=OUT)),
    "invoice-run-stopped": _page(_run("stopped", stopped_label=STOPPED[StopReason.SETTINGS])),
}
