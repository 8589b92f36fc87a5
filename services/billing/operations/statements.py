"""What was invoiced to a client in a period, and what of it was paid: told anew each time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from services.billing.adapters import typesetting
from services.billing.domain.invoicing import number_label
from services.billing.models import Invoice
from services.billing.operations.invoice_document import (
    TITLES,
    WORDS,
    day_words,
    head_of,
    money_words,
)
from services.billing.operations.invoice_files import Aside, logo_of, told
from services.billing.operations.invoice_sample import blank
from services.billing.operations.invoice_settings import kept_settings
from services.billing.operations.invoice_settings import view as settings_view
from services.billing.operations.invoicing import today_in
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.surroundings import Surroundings
from services.billing.queries import invoices
from services.billing.queries.invoices import Wanted
from services.common.auth import Actor
from services.common.errors import InvalidInput, NotFound
from services.common.money import Money
from services.contracts.billing.invoices import (
    LONGEST_STATEMENT,
    MOST_ON_STATEMENT,
    GetStatement,
    InvoiceFileView,
    InvoiceKind,
    InvoiceView,
)

A_YEAR = timedelta(days=365)


def get_statement(
    around: Surroundings, command: GetStatement, *, actor: Actor, now: datetime, aside: Aside
) -> InvoiceFileView:
    """A PDF of what was issued to the client in the period, addressed as the last of it was.

    Raises Forbidden, NoInvoiceSettings, NotFound where nothing was issued, InvalidInput for a
    period that is none or too long, or in which several currencies met.
    """
    practice_id = practice_of_keeper(actor)
    with around.database.reading(actor) as tx:
        kept = kept_settings(tx, practice_id)
        from_on, until_on = _period(command, today_in(settings_view(kept), now))
        wanted = Wanted(None, command.client_id, from_on, until_on)
        logo = logo_of(tx, practice_id, kept.logo_digest)
        found = invoices.of_practice(tx, practice_id, wanted, None, MOST_ON_STATEMENT)
    issued = [one.invoice for one in reversed(found)]
    if not issued:
        raise NotFound("Nothing was issued in this period.")
    if len({one.currency for one in issued}) > 1:
        raise InvalidInput("A statement has one currency.", {"from_on": "several currencies"})
    seen = blank(practice_id, settings_view(kept), now)
    period = f"{day_words(seen, from_on)} – {day_words(seen, until_on)}"
    pdf = aside(typesetting.pdf_of, _document(seen, issued, period, logo), now)
    return told(f"statement-{until_on}.pdf", sha256(pdf).hexdigest(), pdf)


def _period(command: GetStatement, today: date) -> tuple[date, date]:
    until_on = command.until_on or today
    from_on = command.from_on or until_on - A_YEAR
    if not from_on <= until_on or until_on - from_on > LONGEST_STATEMENT:
        raise InvalidInput("This is no period.", {"until_on": "is before the first, or too late"})
    return from_on, until_on


def _document(
    seen: InvoiceView, issued: Sequence[Invoice], period: str, logo: bytes | None
) -> dict[str, Any]:
    words, last = WORDS[seen.language], issued[-1].content
    charged = sum(one.total for one in issued)
    paid = sum(one.total for one in issued if _is_paid(one))
    currency = issued[0].currency
    balance = money_words(seen, Money(charged - paid, currency))
    addressed = {
        "recipient_name": last["recipient_name"],
        "recipient_address": last["recipient_address"],
    }
    return head_of(seen.model_copy(update=addressed), words["statement"], logo) | {
        "facts": [[words["period"], period], [words["issued_on"], day_words(seen, seen.issued_on)]],
        "columns": [words["issued_on"], words["what"], words["amount"], words["paid"]],
        "rows": [_row(seen, one) for one in issued],
        "sums": [
            [words["charged"], money_words(seen, Money(charged, currency))],
            [words["paid"], money_words(seen, Money(paid, currency))],
        ],
        "total": [words["open"], balance],
        "settled": [],
        "notes": [],
    }


def _row(seen: InvoiceView, one: Invoice) -> list[str]:
    title = TITLES[seen.language][InvoiceKind(one.kind)]
    paid = money_words(seen, one.money(one.total)) if _is_paid(one) else "–"
    return [
        day_words(seen, one.issued_on),
        f"{title} {number_label(one.year, one.number)}",
        money_words(seen, one.money(one.total)),
        paid,
    ]


def _is_paid(one: Invoice) -> bool:
    """A receipt; and the credit note of one, which takes both back."""
    return InvoiceKind.RECEIPT in (one.kind, one.content.get("credits_kind"))
