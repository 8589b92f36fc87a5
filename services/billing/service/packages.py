"""Calls about packages: offered by a practice, bought by clients."""

from services.billing.operations import (
    credits,
    package_buying,
    package_ending,
    package_offers,
    package_sales,
    package_telling,
)
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.credits import CreditsView, CreditUseView, ListCredits, UseCredit
from services.contracts.billing.package_mails import GetSaleForMail, SaleForMail
from services.contracts.billing.packages import (
    BuyPackage,
    EndPackage,
    EndProposal,
    GetSale,
    ListOwnSales,
    ListPackageOffers,
    ListPackages,
    ListSales,
    PackagesView,
    PackageView,
    ProposeEnd,
    SalesPage,
    SalesView,
    SaleView,
    SavePackage,
    SetPackageActive,
)


class PackageCalls(Desk):
    """Packages and what is sold of them."""

    @rpc(by=BY_GATEWAY)
    def list_packages(self, call: Call, command: ListPackages) -> PackagesView:
        """The practice's packages."""
        with self.db.reading(call.actor) as tx:
            return package_offers.list_packages(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_package_offers(self, call: Call, command: ListPackageOffers) -> PackagesView:
        """What can be bought of a practitioner."""
        with self.db.reading(call.actor) as tx:
            return package_offers.list_package_offers(tx, command)

    @rpc(by=BY_GATEWAY)
    def save_package(self, call: Call, command: SavePackage) -> PackageView:
        """Publish a version."""
        with self.db.transaction(call.actor) as tx:
            return package_offers.save_package(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def set_package_active(self, call: Call, command: SetPackageActive) -> PackageView:
        """Offer or retire one."""
        with self.db.transaction(call.actor) as tx:
            return package_offers.set_package_active(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def buy_package(self, call: Call, command: BuyPackage) -> SaleView:
        """Open the payment page, or tell the one that is open."""
        return package_buying.buy_package(self.around, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_sales(self, call: Call, command: ListSales) -> SalesPage:
        """What the practice sold."""
        with self.db.reading(call.actor) as tx:
            return package_sales.list_sales(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_own_sales(self, call: Call, command: ListOwnSales) -> SalesView:
        """What somebody bought themselves."""
        with self.db.reading(call.actor) as tx:
            return package_sales.list_own_sales(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_sale(self, call: Call, command: GetSale) -> SaleView:
        """One sale."""
        with self.db.reading(call.actor) as tx:
            return package_sales.get_sale(tx, command, actor=call.actor, now=utc_now())

    @rpc(by={"notify"})
    def get_sale_for_mail(self, call: Call, command: GetSaleForMail) -> SaleForMail:
        """One sale, as a mail tells of it."""
        with self.db.reading(call.actor) as tx:
            return package_telling.get_sale_for_mail(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_credits(self, call: Call, command: ListCredits) -> CreditsView:
        """What somebody may use for an offering."""
        with self.db.reading(call.actor) as tx:
            return credits.list_credits(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def use_credit(self, call: Call, command: UseCredit) -> CreditUseView:
        """Use a session for a held booking."""
        return credits.use_credit(self.around, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def propose_end(self, call: Call, command: ProposeEnd) -> EndProposal:
        """What ending a package would give back."""
        return package_ending.propose_end(self.around, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def end_package(self, call: Call, command: EndPackage) -> SaleView:
        """End a package as it was shown."""
        return package_ending.end_package(self.around, command, actor=call.actor, now=utc_now())
