"""Runs of invoices: all sessions on account until a day, looked up, looked over, issued at once."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Day, Page
from services.contracts.billing.invoices import Cursor


class RunState(StrEnum):
    """How far a run is; the last two are its ends."""

    LOOKING_UP = "looking_up"
    READY = "ready"
    ISSUING = "issuing"
    ISSUED = "issued"
    STOPPED = "stopped"


class LeftOut(StrEnum):
    """Why a session that is owed is on no invoice of a run.

    It takes place after the run's day; booking does not know it as its client's; its client has no
    name that can be printed; what is owed has changed since, or it was invoiced meanwhile.
    """

    LATER = "later"
    UNKNOWN = "unknown"
    UNPRINTABLE = "unprintable"
    CHANGED = "changed"


class StopReason(StrEnum):
    """Why a run ended without invoices: somebody said so, or the invoice settings changed."""

    ASKED = "asked"
    SETTINGS = "settings"


class StartInvoiceRun(Command):
    """Look up every session that is owed and on no invoice, until a day, included.

    `id` is minted by the caller and names the run. A practice has one under way at a time. Raises
    NoInvoiceSettings, RunUnderWay, NothingToInvoice.
    """

    id: UUID
    until_on: Day


class GetInvoiceRun(Command):
    """The practice's latest run, with a part of what it would issue once it is ready."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class IssueInvoiceRun(Command):
    """Issue what was looked over, soon; again changes nothing. Raises NotFound, RunNotReady."""

    run_id: UUID


class StopInvoiceRun(Command):
    """Let a run go that has issued nothing; again changes nothing. Raises NotFound, RunNotReady."""

    run_id: UUID


class InvoiceDraft(View):
    """An invoice as a run would issue it; `id` names the invoice, once it is issued."""

    id: UUID
    client_id: UUID
    recipient_name: str
    session_count: int
    total: Money


class InvoiceRunView(View):
    """A run: `looked_up` of `session_count` sessions; what is left out, by reason.

    `invoice_count` and `totals`, one for each currency, of what it would issue or has issued.
    `is_given_up`: a person has to look at it before it goes on.
    """

    id: UUID
    until_on: date
    state: RunState
    started_at: Instant
    ended_at: Instant | None
    stop_reason: StopReason | None
    session_count: int
    looked_up: int
    left_out: dict[LeftOut, int]
    invoice_count: int
    totals: list[Money]
    is_given_up: bool


class InvoiceRunPage(Page):
    """The latest run, where there is one, and a part of its drafts while it is ready."""

    run: InvoiceRunView | None
    drafts: list[InvoiceDraft]


class RunUnderWay(Refusal):
    """Another run of the practice has not ended."""


class NothingToInvoice(Refusal):
    """Nothing is owed that is on no invoice."""


class RunNotReady(Refusal):
    """The run cannot be issued yet, or cannot be stopped any more: `state` says how far it is."""
