"""The journal of a period as a file, for the practice's accountant."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant
from services.contracts.base import Day, Line, Page, Zone
from services.contracts.billing.ledger import Currency


class JournalFormat(StrEnum):
    """How the file is written; DATEV's is of one calendar year at most."""

    CSV = "csv"
    DATEV = "datev"
    BEANCOUNT = "beancount"


class ExportJournal(Command):
    """A part of the file; the parts one after the other are the file.

    `first` and `last` are dates in the practice's zone, both included; name, zone and currency
    are the practice's as profiles tells them. `written_at` is the same for all parts: what is
    posted while the file is written is not in it.
    """

    format: JournalFormat
    first: Day
    last: Day
    practice_name: Line
    time_zone: Zone
    currency: Currency
    written_at: Instant
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 200


class JournalPart(Page):
    """A part of the file as text."""

    text: str
