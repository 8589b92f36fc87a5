"""Asking billing how a package stands that was sold."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.common.auth import Actor
from services.common.rpc.client import Caller
from services.contracts.billing.package_mails import GetSaleForMail, SaleForMail


class Sales(Protocol):
    """Packages that were sold, as notify sees them."""

    def get(self, sale_id: UUID, actor: Actor) -> SaleForMail:
        """The sale as it is now; raises NotFound, ServiceUnavailable, Fault."""


@dataclass(frozen=True, slots=True)
class SalesOfBilling:
    """billing's."""

    caller: Caller

    def get(self, sale_id: UUID, actor: Actor) -> SaleForMail:
        """The sale as it is now; raises NotFound, ServiceUnavailable, Fault."""
        command = GetSaleForMail(sale_id=sale_id)
        return self.caller.call("billing", "get_sale_for_mail", command, actor, SaleForMail)
