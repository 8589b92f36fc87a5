"""Samples of packages, and of what is sold of them."""

from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing import PaymentState
from services.contracts.billing.credits import (
    CreditsView,
    CreditUsed,
    CreditUseView,
    CreditView,
    ListCredits,
    UseCredit,
)
from services.contracts.billing.package_mails import (
    GetSaleForMail,
    PackageBought,
    PackageEnded,
    SaleForMail,
)
from services.contracts.billing.packages import (
    BuyPackage,
    EndLine,
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
    RefundRule,
    SalesPage,
    SalesSum,
    SaleState,
    SalesView,
    SaleView,
    SavePackage,
    SetPackageActive,
)

PACKAGE = UUID("0193a000-0000-7000-8000-000000000001")
VERSION = UUID("0193a000-0000-7000-8000-000000000002")
SALE = UUID("0193a000-0000-7000-8000-000000000003")
PRACTICE = UUID("0193a000-0000-7000-8000-000000000004")
PRACTITIONER = UUID("0193a000-0000-7000-8000-000000000005")
OFFERING = UUID("0193a000-0000-7000-8000-000000000006")
CLIENT = UUID("0193a000-0000-7000-8000-000000000007")
PAYMENT = UUID("0193a000-0000-7000-8000-000000000008")
BOOKING = UUID("0193a000-0000-7000-8000-000000000009")
USE = UUID("0193a000-0000-7000-8000-00000000000a")
BOUGHT = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
_PACKAGE = PackageView(
    id=PACKAGE,
    version_id=VERSION,
    version=2,
    practice_id=PRACTICE,
    practitioner_id=PRACTITIONER,
    offering_ids=[OFFERING],
    name="Five sessions",
    sessions=5,
    price=Money(42_500, "EUR"),
    singles_from=Money(47_500, "EUR"),
    singles_to=Money(60_000, "EUR"),
    valid_months=12,
    refund_rule=RefundRule.SINGLE_PRICE,
    is_active=True,
)
_SALE = SaleView(
    id=SALE,
    practice_id=PRACTICE,
    practitioner_id=PRACTITIONER,
    client_id=CLIENT,
    payment_id=PAYMENT,
    package_id=PACKAGE,
    offering_ids=[OFFERING],
    name="Five sessions",
    state=SaleState.ACTIVE,
    payment_state=PaymentState.SUCCEEDED,
    sessions=5,
    used=2,
    left=3,
    price=Money(42_500, "EUR"),
    refunded=Money(0, "EUR"),
    owed=Money(25_500, "EUR"),
    refund_rule=RefundRule.SINGLE_PRICE,
    created_at=BOUGHT,
    bought_at=BOUGHT,
    expires_at=datetime(2027, 11, 24, 13, 0, tzinfo=UTC),
    ended_at=None,
    checkout_url="https://checkout.stripe.com/c/pay/cs_1",
)
_CREDIT = CreditView(
    sale_id=SALE,
    name="Five sessions",
    sessions=5,
    left=3,
    expires_at=datetime(2027, 11, 24, 13, 0, tzinfo=UTC),
)
_LINE = EndLine(
    booking_id=BOOKING,
    used_at=BOUGHT,
    starts_at=BOUGHT,
    is_kept=True,
    is_to_come=True,
    counts=Money(9_500, "EUR"),
    single=Money(9_500, "EUR"),
)
COMMANDS: list[BaseModel] = [
    ListPackages(),
    ListPackageOffers(practitioner_id=PRACTITIONER),
    SavePackage(
        id=VERSION,
        package_id=PACKAGE,
        after_version=1,
        practitioner_id=PRACTITIONER,
        offering_ids=[OFFERING],
        name="Five sessions",
        sessions=5,
        price=Money(42_500, "EUR"),
        valid_months=12,
        refund_rule=RefundRule.SINGLE_PRICE,
    ),
    SetPackageActive(package_id=PACKAGE, is_active=False),
    BuyPackage(
        id=SALE,
        version_id=VERSION,
        client_id=CLIENT,
        success_url="https://attune.example/billing/packages/1?paid=yes",
        cancel_url="https://attune.example/billing/packages/1",
    ),
    ListSales(state=SaleState.ACTIVE, cursor="b24", limit=50),
    GetSale(sale_id=SALE),
    ListOwnSales(),
    ListCredits(offering_id=OFFERING),
    UseCredit(booking_id=BOOKING, sale_id=SALE, voucher="signed"),
    ProposeEnd(sale_id=SALE),
    EndPackage(id=USE, sale_id=SALE, agreed="a" * 64),
    GetSaleForMail(sale_id=SALE),
]
VIEWS: list[BaseModel] = [
    _PACKAGE,
    PackagesView(packages=[_PACKAGE]),
    _SALE,
    SalesView(sales=[_SALE]),
    SalesPage(
        sales=[_SALE],
        sums=[SalesSum(count=1, sold=Money(42_500, "EUR"), owed=Money(25_500, "EUR"))],
        previous_cursor="YmFjaw",
        next_cursor="b24",
    ),
    SalesSum(count=1, sold=Money(42_500, "EUR"), owed=Money(25_500, "EUR")),
    _LINE,
    EndProposal(
        sale_id=SALE,
        client_id=CLIENT,
        name="Five sessions",
        sessions=5,
        left=4,
        rule=RefundRule.SINGLE_PRICE,
        price=Money(42_500, "EUR"),
        lines=[_LINE],
        counted=Money(9_500, "EUR"),
        refund=Money(33_000, "EUR"),
        stripe_fee=Money(663, "EUR"),
        commission_back=Money(1_650, "EUR"),
        is_at_stripe=False,
        agreed="a" * 64,
    ),
    SaleForMail(
        sale_id=SALE,
        practitioner_id=PRACTITIONER,
        client_id=CLIENT,
        state=SaleState.ENDED,
        sessions=5,
        used=2,
        left=3,
        is_usable=True,
        price=Money(42_500, "EUR"),
        goes_back=Money(23_500, "EUR"),
        is_at_stripe=True,
        refund_rule=RefundRule.SINGLE_PRICE,
        expires_at=datetime(2027, 11, 24, 13, 0, tzinfo=UTC),
    ),
    _CREDIT,
    CreditsView(credits=[_CREDIT]),
    CreditUseView(
        id=USE, sale_id=SALE, booking_id=BOOKING, name="Five sessions", sessions=5, left=2
    ),
]
EVENTS: list[BaseModel] = [
    CreditUsed(
        occurred_at=BOUGHT,
        practice_id=PRACTICE,
        booking_id=BOOKING,
        sale_id=SALE,
        credit_use_id=USE,
    ),
    PackageBought(
        occurred_at=BOUGHT,
        practice_id=PRACTICE,
        sale_id=SALE,
        client_id=CLIENT,
        money=Money(42_500, "EUR"),
        expires_at=datetime(2027, 11, 24, 13, 0, tzinfo=UTC),
    ),
    PackageEnded(
        occurred_at=BOUGHT,
        practice_id=PRACTICE,
        sale_id=SALE,
        client_id=CLIENT,
        money=Money(23_500, "EUR"),
    ),
]
