"""The one table from refusals to HTTP, and the problem bodies of RFC 9457."""

import secrets
from collections.abc import Mapping
from typing import Any

from services.common import errors as common
from services.common.errors import Refusal
from services.contracts import base, billing, notify
from services.contracts.billing.credits import NoCredit
from services.contracts.billing.disputes import DisputeAnswered
from services.contracts.billing.invoice_runs import NothingToInvoice, RunNotReady, RunUnderWay
from services.contracts.billing.invoice_settings import NoInvoiceSettings
from services.contracts.billing.invoices import (
    AlreadyCredited,
    AlreadyInvoiced,
    NotBillable,
    NotCreditable,
)
from services.contracts.billing.months import MonthNotClosable
from services.contracts.billing.packages import PackageChanged, PackageOver
from services.contracts.billing.reconciliation import DifferenceChanged, NotThisWay
from services.contracts.billing.refunds import (
    NothingToRefund,
    NotRetryable,
    PaymentDisputed,
    RefundChanged,
)
from services.contracts.booking.refusals import (
    AlreadyExtended,
    AttendanceNotDue,
    ClientElsewhere,
    HoldExpired,
    NotBookable,
    NotCancellable,
    NotReschedulable,
    PriceChanged,
    ScheduleChanged,
    SeriesBroken,
    SeriesChanged,
    SessionsTouched,
    SlotTaken,
    TermsChanged,
    TooManyHolds,
)
from services.contracts.plans.measures import MeasureNotDue
from services.contracts.plans.notes import (
    NoteChanged,
    NoteDiscarded,
    NoteEmpty,
    NoteExists,
    NoteLocked,
    NoteNotSigned,
    NoteSigned,
)
from services.contracts.plans.refusals import (
    ClientHasNoAccount,
    FormChanged,
    FormNotReady,
    IntakeChanged,
    IntakeClosed,
    IntakeIncomplete,
    MoveRefused,
    PhasesDoNotFit,
    PlanChanged,
    PlanIncomplete,
)
from services.contracts.plans.templates import (
    TemplateArchived,
    TemplateChanged,
    TemplateIncomplete,
    TooManyTemplates,
)
from services.contracts.profiles.accounts import (
    CommonPassword,
    TooManyTries,
    WrongCredentials,
)
from services.contracts.profiles.registering import RegistrationUnknown

STATUS: dict[type[Refusal], int] = {
    common.InvalidInput: 422,
    common.NotFound: 404,
    common.Forbidden: 403,
    common.Unauthenticated: 401,
    common.DifferentContent: 422,
    common.TooLate: 503,
    common.Busy: 503,
    common.NotYet: 503,
    common.ServiceUnavailable: 503,
    base.BadCursor: 422,
    WrongCredentials: 401,
    RegistrationUnknown: 404,
    TooManyTries: 429,
    CommonPassword: 422,
    SlotTaken: 409,
    TooManyHolds: 429,
    NotBookable: 409,
    PriceChanged: 409,
    HoldExpired: 409,
    AlreadyExtended: 409,
    NotCancellable: 409,
    NotReschedulable: 409,
    TermsChanged: 409,
    AttendanceNotDue: 409,
    ClientElsewhere: 409,
    ScheduleChanged: 409,
    SeriesBroken: 409,
    SeriesChanged: 409,
    SessionsTouched: 409,
    billing.BadSignature: 400,
    billing.BadEvent: 400,
    billing.NotPayable: 409,
    billing.PaymentsUnavailable: 503,
    billing.NoSuchPrice: 404,
    DifferenceChanged: 409,
    NotThisWay: 409,
    NothingToRefund: 409,
    RefundChanged: 409,
    PaymentDisputed: 409,
    NotRetryable: 409,
    DisputeAnswered: 409,
    NoInvoiceSettings: 409,
    PackageChanged: 409,
    NoCredit: 409,
    PackageOver: 409,
    MonthNotClosable: 409,
    AlreadyInvoiced: 409,
    RunUnderWay: 409,
    NothingToInvoice: 409,
    RunNotReady: 409,
    NotBillable: 409,
    AlreadyCredited: 409,
    NotCreditable: 409,
    notify.LinkUnknown: 404,
    MoveRefused: 409,
    PlanChanged: 409,
    PlanIncomplete: 422,
    PhasesDoNotFit: 422,
    ClientHasNoAccount: 409,
    MeasureNotDue: 409,
    NoteChanged: 409,
    NoteExists: 409,
    NoteSigned: 409,
    NoteDiscarded: 409,
    NoteNotSigned: 409,
    NoteLocked: 409,
    NoteEmpty: 422,
    FormChanged: 409,
    FormNotReady: 422,
    IntakeIncomplete: 422,
    IntakeChanged: 409,
    IntakeClosed: 409,
    TemplateArchived: 409,
    TemplateChanged: 409,
    TemplateIncomplete: 422,
    TooManyTemplates: 409,
}
RETRY_AFTER_SECONDS = 1
SPREAD_SECONDS = 3
"""Who was turned away together does not come back together: waits differ by some seconds."""


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal, its own or that of its nearest base."""
    return next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 500)


def headers_of(refusal: Refusal) -> dict[str, str]:
    """When to come again, for 429 and 503: never sooner than the refusal says."""
    if status_of(refusal) not in (429, 503):
        return {}
    wait = int(refusal.detail.get("retry_after", RETRY_AFTER_SECONDS))
    return {"Retry-After": str(wait + secrets.randbelow(max(SPREAD_SECONDS, wait // 10)))}


def problem(
    status: int, title: str, *, kind: str = "about:blank", fields: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A problem body; `errors` names each field with what is wrong (RFC 9457)."""
    body: dict[str, Any] = {"type": kind, "title": title, "status": status}
    if fields:
        body["errors"] = [
            {"field": field, "detail": detail} for field, detail in sorted(fields.items())
        ]
    return body


def problem_of(refusal: Refusal) -> dict[str, Any]:
    """A refusal's problem body; its type is a stable word that programs may compare."""
    status = status_of(refusal)
    kind = f"urn:attune:problem:{type(refusal).__name__}"
    is_field_error = isinstance(refusal, common.InvalidInput)
    body = problem(
        status,
        refusal.message or "This was refused.",
        kind=kind,
        fields=refusal.detail if is_field_error else None,
    )
    if refusal.detail and not is_field_error:
        body["detail_values"] = dict(refusal.detail)
    return body
