"""Who answers for a practice's money: the desk at which its pages are opened, in sections."""

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.billing.ledger import TransactionView
from services.contracts.profiles.accounts import AccountView, Membership, Role
from services.contracts.profiles.practices import GetPractice, PracticeView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import money_words
from services.gateway.web.links import with_query
from services.gateway.web.receiving import RECEIVES, SEES_ALL

Context = dict[str, Any]
KEEPS_MONEY = frozenset({Role.OWNER, Role.ADMIN, Role.BILLING})


class Section(NamedTuple):
    """A page of the desk: `key` is the end of its address ("" for the first one), and tells which
    one is open."""

    key: str
    label: str


SECTIONS = (
    Section("", "Needs action"),
    Section("payments", "Payments"),
    Section("refunds", "Refunds"),
    Section("disputes", "Disputes"),
    Section("invoices", "Invoices"),
    Section("owed", "Owed"),
    Section("packages", "Packages"),
    Section("payouts", "Payouts"),
    Section("reconciliation", "Reconciliation"),
    Section("reports", "Reports"),
    Section("ledger", "Ledger"),
    Section("month-end", "Month end"),
    Section("exports", "Exports"),
    Section("invoice-settings", "Invoice settings"),
)
"""In the order of the menu."""


@dataclass(frozen=True, slots=True)
class MoneyDesk:
    """Somebody at the money desk of one practice; `has_others`: they keep another one, too."""

    request: Request
    backend: Backend
    visitor: Visitor
    here: Membership
    has_others: bool = False

    @property
    def actor(self) -> Actor:
        return self.visitor.actor(self.here.practice_id)

    @property
    def practice_id(self) -> UUID:
        return self.here.practice_id

    @property
    def sees_records(self) -> bool:
        """Whether the records of clients open to them; the role billing alone sees none."""
        return bool(RECEIVES.intersection(self.here.roles))

    @property
    def sees_sessions(self) -> bool:
        """Whether every session of the practice opens to them."""
        return bool(SEES_ALL.intersection(self.here.roles))

    def url(self, section: str = "", **query: str) -> str:
        """An address of this desk, `section` with what lies below it."""
        return with_query(money_url(self.practice_id, section), query)

    def account_url(self, account: str, currency: str, **query: str) -> str:
        """The entries of an account of the ledger in one currency."""
        return self.url(f"ledger/accounts/{account}/{currency}", **query)

    def transaction(self, told: TransactionView, zone: ZoneInfo) -> Context:
        """A ledger transaction as other pages show it, with the ways to its entries."""
        url = self.url(f"ledger/transactions/{told.id}")
        return money_words.transaction(told, zone, self.account_url, url)

    def frame(self, open_key: str) -> Context:
        """What `components/money.html` shows around each page; see there."""
        return {
            "practice_name": self.here.practice_name,
            "others_url": "/money" if self.has_others else None,
            "open_label": next(one.label for one in SECTIONS if one.key == open_key),
            "sections": [
                {"label": one.label, "url": self.url(one.key), "is_open": one.key == open_key}
                for one in SECTIONS
            ],
        }

    def pages(self, section: str, before: str | None, after: str | None, **kept: str) -> Context:
        """The way to the parts beside the present one, by the cursors that billing told."""
        return {
            "label": "",
            "prev_url": self.url(section, **kept, page=before) if before else None,
            "next_url": self.url(section, **kept, page=after) if after else None,
        }

    async def practice(self) -> PracticeView:
        """The practice's own zone and currency, in which its books are kept."""
        return await self.backend.ask(self.actor, GetPractice(), PracticeView)


def money_url(practice_id: UUID, section: str = "") -> str:
    """The money desk of a practice, or one of its sections."""
    base = f"/practices/{practice_id}/money"
    return f"{base}/{section}" if section else base


def keeps_money(account: AccountView) -> list[Membership]:
    """Where somebody answers for the money, by the practice's name."""
    found = [one for one in account.memberships if KEEPS_MONEY.intersection(one.roles)]
    return sorted(found, key=lambda one: one.practice_name)


async def _desk(
    request: Request, backend: Asked, visitor: WebVisitor, practice_id: UUID
) -> MoneyDesk:
    """The desk of the practice in the address; NotFound for who is no member, else Forbidden."""
    account = visitor.require_login().account
    if all(one.practice_id != practice_id for one in account.memberships):
        raise NotFound("There is no such practice.")
    kept = keeps_money(account)
    here = next((one for one in kept if one.practice_id == practice_id), None)
    if here is None:
        raise Forbidden("This page is for those who answer for the money.")
    return MoneyDesk(request, backend, visitor, here, len(kept) > 1)


AtMoney = Annotated[MoneyDesk, Depends(_desk)]
