"""Invoicing all that is owed, as pages: each state of a run, and the steps between them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.errors import Refusal
from services.common.money import Money
from services.contracts.billing.invoice_runs import (
    GetInvoiceRun,
    InvoiceDraft,
    InvoiceRunPage,
    InvoiceRunView,
    IssueInvoiceRun,
    LeftOut,
    NothingToInvoice,
    RunNotReady,
    RunState,
    RunUnderWay,
    StartInvoiceRun,
    StopInvoiceRun,
    StopReason,
)
from services.contracts.billing.invoice_settings import NoInvoiceSettings
from services.contracts.profiles.accounts import Role
from services.gateway.web.invoice_runs import LEFT_OUT, STOPPED
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_money_desk import HERE, desk
from tests.unit.gateway.test_money_reports import asked

BASE = f"/practices/{HERE}/money/invoices/run"
RUN_ID = uuid4()
DRAFT = InvoiceDraft(
    id=uuid4(),
    client_id=uuid4(),
    recipient_name="Ada <Brandt>",
    session_count=2,
    total=Money(18000, "EUR"),
)


def run(state: RunState, **other: Any) -> InvoiceRunView:
    """A run of three sessions until the end of October."""
    is_over = state in (RunState.ISSUED, RunState.STOPPED)
    told: dict[str, Any] = {
        "id": RUN_ID,
        "until_on": date(2026, 10, 31),
        "state": state,
        "started_at": datetime(2026, 11, 2, 8, tzinfo=UTC),
        "ended_at": datetime(2026, 11, 2, 8, 12, tzinfo=UTC) if is_over else None,
        "stop_reason": StopReason.ASKED if state is RunState.STOPPED else None,
        "session_count": 3,
        "looked_up": 1 if state is RunState.LOOKING_UP else 3,
        "left_out": {},
        "invoice_count": 0 if state is RunState.LOOKING_UP else 2,
        "totals": [] if state is RunState.LOOKING_UP else [Money(27000, "EUR")],
        "is_given_up": False,
    }
    return InvoiceRunView(**told | other)


def visited(found: InvoiceRunView | None, refusal: Refusal | None = None) -> FastAPI:
    """The desk of a practice whose latest run stands so."""
    is_ready = found is not None and found.state is RunState.READY
    seen = InvoiceRunPage(run=found, drafts=[DRAFT] if is_ready else [])

    def act(_: Any) -> InvoiceRunPage:
        if refusal is not None:
            raise refusal
        return seen

    steps = (StartInvoiceRun, IssueInvoiceRun, StopInvoiceRun)
    return desk(Role.BILLING, told={GetInvoiceRun: lambda _: seen} | dict.fromkeys(steps, act))


def test_a_run_is_begun_from_its_form_until_a_day() -> None:
    """By default the end of the month before; the form's id becomes the run's."""
    app, act = visited(None), str(uuid7())
    page = fetch(app, BASE).text
    assert "Look them up" in page
    assert 'name="until_on" type="date"' in page
    answer = post_form(app, BASE, {"form_id": act, "until_on": "2026-10-31"})
    assert (answer.status_code, answer.headers["location"]) == (303, BASE)
    told = asked(app, StartInvoiceRun)
    assert (str(told.id), told.until_on) == (act, date(2026, 10, 31))


@pytest.mark.parametrize("until", ["", "soon", "2026-02-30", "0001-01-01"])
def test_a_day_that_is_none_is_said_at_its_field_and_begins_nothing(until: str) -> None:
    """422 with what was typed and the same form."""
    app, act = visited(None), str(uuid7())
    answer = post_form(app, BASE, {"form_id": act, "until_on": until})
    assert answer.status_code == 422
    assert 'id="error-until_on"' in answer.text
    assert act in answer.text
    assert not [one for one in app.state.backend.asked if isinstance(one, StartInvoiceRun)]


@pytest.mark.parametrize(
    ("refusal", "section"),
    [
        (NothingToInvoice("All of it."), "invoices/run"),
        (RunUnderWay("Another."), "invoices/run"),
        (NoInvoiceSettings("Not yet."), "invoice-settings"),
    ],
)
def test_what_cannot_begin_leads_where_it_is_said(refusal: Refusal, section: str) -> None:
    """Nothing owed, one under way, or nobody said who the practice is on an invoice."""
    app = visited(None, refusal)
    answer = post_form(app, BASE, {"form_id": str(uuid7()), "until_on": "2026-10-31"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/practices/{HERE}/money/{section}"


def test_a_run_tells_how_far_it_is_and_can_be_stopped() -> None:
    """With and without JavaScript the page looks again by itself; nothing can be issued yet."""
    page = fetch(visited(run(RunState.LOOKING_UP)), BASE).text
    assert "1 of 3 sessions" in page
    assert f'hx-get="{BASE}"' in page
    assert 'http-equiv="refresh"' in page
    assert f"{BASE}/{RUN_ID}/stop" in page
    assert f"{BASE}/{RUN_ID}/issue" not in page


def test_what_would_be_issued_is_looked_over_before() -> None:
    """How many, how much, to whom, and what is left out, why; then it is issued or let go."""
    left = {LeftOut.LATER: 1, LeftOut.UNPRINTABLE: 2}
    app = visited(run(RunState.READY, left_out=left))
    page = fetch(app, BASE).text
    words = ("Issue 2 invoices?", "€270", "Ada &lt;Brandt&gt;", "€180", LEFT_OUT[LeftOut.LATER][0])
    for word in (*words, "2 sessions"):
        assert word in page
    assert "hx-get" not in page
    for step, kind in (("issue", IssueInvoiceRun), ("stop", StopInvoiceRun)):
        assert f'action="{BASE}/{RUN_ID}/{step}"' in page
        answer = post_form(app, f"{BASE}/{RUN_ID}/{step}", {})
        assert (answer.status_code, answer.headers["location"]) == (303, BASE)
        assert asked(app, kind).run_id == RUN_ID


def test_a_run_of_nothing_has_no_button_to_issue() -> None:
    """Everything was left out: there is only the way to end it."""
    found = run(RunState.READY, invoice_count=0, totals=[], left_out={LeftOut.LATER: 3})
    page = fetch(visited(found), BASE).text
    assert "Nothing to issue" in page
    assert f"{BASE}/{RUN_ID}/issue" not in page


def test_a_step_that_came_too_late_changes_nothing() -> None:
    """From an old page: it leads to how far the run is."""
    for step in ("issue", "stop"):
        app = visited(run(RunState.ISSUED), RunNotReady("Too late.", {"state": "issued"}))
        answer = post_form(app, f"{BASE}/{RUN_ID}/{step}", {})
        assert (answer.status_code, answer.headers["location"]) == (303, BASE)


@pytest.mark.parametrize("reason", StopReason)
def test_the_last_run_is_told_beside_the_form_for_the_next(reason: StopReason) -> None:
    """Issued or stopped, and why."""
    issued = fetch(visited(run(RunState.ISSUED)), BASE).text
    assert "2 invoices" in issued
    assert "2 November 2026, 09:12" in issued
    stopped = fetch(visited(run(RunState.STOPPED, stop_reason=reason)), BASE).text
    assert STOPPED[reason] in stopped
    assert all("Look them up" in one for one in (issued, stopped))


def test_a_run_that_was_given_up_says_so_and_stands_still() -> None:
    """Nobody waits for a page that will not move."""
    page = fetch(visited(run(RunState.ISSUING, is_given_up=True)), BASE).text
    assert "fault of ours" in page
    assert "hx-get" not in page
