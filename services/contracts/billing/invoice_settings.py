"""How a practice writes its invoices: who it is, which tax its sessions bear, what is printed."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, View
from services.contracts.base import Line, Zone, visible

MOST_LOGO_CHARACTERS = 56_000


class Country(StrEnum):
    """Where a practice is taxed."""

    AU = "AU"
    DE = "DE"
    GB = "GB"


class ServiceKind(StrEnum):
    """What a session is for the tax office: treatment, or not."""

    THERAPY = "therapy"
    COACHING = "coaching"


def _visible_lines(text: str) -> str:
    for line in text.split("\n"):
        visible(line)
    return text


Address = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    AfterValidator(_visible_lines),
]
"""Lines of an address, without the name."""
LegalLines = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=600),
    AfterValidator(_visible_lines),
]
Language = Literal["de", "en"]


class OfferingKind(View):
    """An offering that is another kind of service than the practice's usual one."""

    offering_id: UUID
    kind: ServiceKind


class SetInvoiceSettings(Command):
    """Keep all of a practice's settings for the invoices to come; those issued stay as they are.

    `tax_id`: a VAT id or Steuernummer, a VAT number, or an ABN, checked by form and check digit.
    `legal_lines` stand at the foot of each page (register, bank). `payment_days`: how long a
    client has to pay. `prices_include_tax`: whether tax is part of the price, or comes on top of
    it; what was paid already includes it either way. A small business charges no tax.
    """

    country: Country
    language: Language
    time_zone: Zone
    legal_name: Line
    address: Address
    tax_id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    legal_lines: LegalLines = ""
    payment_days: Annotated[int, Field(ge=0, le=90)] = 14
    usual_kind: ServiceKind = ServiceKind.THERAPY
    other_kinds: Annotated[list[OfferingKind], Field(max_length=100)] = Field(default_factory=list)
    prices_include_tax: bool = True
    is_small_business: bool = False


class GetInvoiceSettings(Command):
    """The settings of the actor's practice; raises NoInvoiceSettings while there are none."""


class InvoiceSettingsView(View):
    """The settings. `logo_digest`: SHA-256 of the logo, hex; None without one."""

    country: Country
    language: Language
    time_zone: str
    legal_name: str
    address: str
    tax_id: str
    legal_lines: str
    payment_days: int
    usual_kind: ServiceKind
    other_kinds: list[OfferingKind]
    prices_include_tax: bool
    is_small_business: bool
    logo_digest: str | None


class SetInvoiceLogo(Command):
    """Put a picture at the head of the invoices to come: a PNG of at most 40 kB, in base64.

    Without one the present logo goes. Raises NoInvoiceSettings, InvalidInput.
    """

    png: Annotated[str, StringConstraints(max_length=MOST_LOGO_CHARACTERS)] | None


class GetInvoiceLogo(Command):
    """The logo of the actor's practice; raises NotFound where it has none."""


class InvoiceLogoView(View):
    """A PNG in base64."""

    png: str


class NoInvoiceSettings(Refusal):
    """The practice has not said yet who it is on an invoice."""
