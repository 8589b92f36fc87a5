"""Issuing and crediting invoices, and how a practice writes them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import UUID7, BeforeValidator, Field

from services.contracts.base import Day, Line, Zone
from services.contracts.billing.invoice_settings import (
    Address,
    Country,
    Language,
    LegalLines,
    ServiceKind,
)
from services.contracts.billing.invoices import InvoiceKind
from services.gateway.forms.reading import Flawed, Form, parsed

CHOSEN = "session-"
OFFERING = "kind-"
NO_SESSION = "Choose one session or more."


def _one_kind_of_line_end(text: Any) -> Any:
    """Browsers end lines of a form with CR LF."""
    return text.replace("\r\n", "\n") if isinstance(text, str) else text


Lines = BeforeValidator(_one_kind_of_line_end)


class InvoiceForm(Form):
    """Whom an invoice is for; `form_id` becomes its id."""

    words: ClassVar[Mapping[str, str]] = {
        "recipient_name": "Enter who the invoice is for, on one line.",
        "recipient_address": "Keep the address to a few lines, 300 characters at most.",
        "sessions": NO_SESSION,
    }

    form_id: UUID7
    client: UUID
    kind: Literal[InvoiceKind.INVOICE, InvoiceKind.RECEIPT]
    recipient_name: Line
    recipient_address: Annotated[Address, Lines] | None = None
    sessions: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class InvoiceRunForm(Form):
    """Until when sessions are invoiced; `form_id` becomes the run's id."""

    words: ClassVar[Mapping[str, str]] = {"until_on": "Choose the last day to invoice."}

    form_id: UUID7
    until_on: Day


class CreditForm(Form):
    """Why an invoice is taken back; `form_id` becomes the credit note's id."""

    words: ClassVar[Mapping[str, str]] = {
        "reason": "Say in a few words why; it is printed on the credit note."
    }

    form_id: UUID7
    reason: Line


class SettingsForm(Form):
    """Who the practice is on its invoices, and which tax they charge."""

    words: ClassVar[Mapping[str, str]] = {
        "legal_name": "Enter the practice's full name, on one line.",
        "address": "Enter the address without the name, 300 characters at most.",
        "country": "Choose where the practice is taxed.",
        "tax_id": "Enter a number of at most 40 signs, or leave it empty.",
        "language": "Choose the language of the invoices.",
        "time_zone": "Choose the practice's time zone.",
        "payment_days": "Enter a number of days between 0 and 90.",
        "usual_kind": "Choose what your sessions are for the tax office.",
        "legal_lines": "Keep this to 600 characters.",
    }

    legal_name: Line
    address: Annotated[Address, Lines]
    country: Country
    tax_id: Annotated[str, Field(max_length=40)] = ""
    language: Language
    time_zone: Zone
    payment_days: Annotated[int, Field(ge=0, le=90)]
    usual_kind: ServiceKind
    prices: Literal["with", "without"]
    is_small_business: Literal["yes"] | None = None
    legal_lines: Annotated[LegalLines, Lines] = ""


def invoice_of(sent: Mapping[str, str]) -> InvoiceForm:
    """The form with the sessions that were ticked; raises Flawed."""
    ticked = [name.removeprefix(CHOSEN) for name in sent if name.startswith(CHOSEN)]
    if not ticked:
        raise Flawed({"sessions": NO_SESSION})
    told: dict[str, Any] = dict(sent) | {"sessions": _Ticked(ticked)}
    return parsed(InvoiceForm, told)


class _Ticked(list[str]):
    """A list among the texts of a form: never blank."""

    def strip(self) -> bool:
        return bool(self)


def other_kinds(sent: Mapping[str, str], usual: ServiceKind) -> dict[UUID, ServiceKind]:
    """Offerings that are another kind than the usual one; what is no id or kind falls away."""
    found: dict[UUID, ServiceKind] = {}
    for name, value in sent.items():
        if not name.startswith(OFFERING) or value not in list(ServiceKind) or value == usual:
            continue
        try:
            found[UUID(name.removeprefix(OFFERING))] = ServiceKind(value)
        except ValueError:
            continue
    return found
