"""What entries mean for a period's result: each counts once, and nothing that only moves counts."""

from services.billing.domain import dispute_ledger, ledger
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.chart import CHART, Nature
from services.billing.domain.ledger import Postings
from services.billing.domain.revenue import COUNTED, PARTS, Posted, figure_of, figures, places
from services.common.money import Money
from services.contracts.billing.reports import Figure, RevenueFigures


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def told(*moves: tuple[Kind, Postings]) -> list[RevenueFigures]:
    """The figures of these transactions."""
    return figures(
        Posted(one.account, kind, one.money.currency, one.money.amount)
        for kind, postings in moves
        for one in postings
    )


CHARGED = (Kind.CHARGED, ledger.charged(euros(9000)))
PROCESSED = (Kind.PROCESSED, ledger.processed(euros(9000), euros(9000), 160, 450))
IN_DISPUTE = (
    Kind.DISPUTED,
    dispute_ledger.withdrawn(euros(9000), euros(0), euros(9000), euros(1500)),
)


def test_every_entry_that_counts_counts_to_one_figure() -> None:
    """The parts are disjoint, and together they are the net result."""
    parts = [place for figure in PARTS for place in places(figure)]
    assert len(parts) == len(set(parts))
    assert set(parts) == set(places(Figure.NET))
    assert {account for account, _ in parts} == COUNTED
    assert figure_of(Account.STRIPE_BALANCE, Kind.CHARGED) is None


def test_all_that_the_chart_calls_income_or_expense_counts() -> None:
    """With what is allocated to sessions; an account that is added has to be thought of."""
    results = {one for one, line in CHART.items() if line.nature in (Nature.INCOME, Nature.EXPENSE)}
    assert results | {Account.BOOKING_FUNDS, Account.DISPUTED} == COUNTED


def test_a_paid_session_brings_its_price_less_what_was_kept_of_it() -> None:
    """Costs are negative; the net result is the sum."""
    [found] = told(CHARGED, PROCESSED)
    assert (found.paid, found.stripe_fees, found.commission) == (
        *(euros(9000), euros(-160), euros(-450)),
    )
    assert found.net == euros(8390)


def test_what_is_promised_back_counts_and_what_is_retained_does_not() -> None:
    """Sending it changes nothing but the commission that comes back."""
    ended = Kind.ENDED, ledger.ended(euros(9000), euros(4500))
    sent = Kind.REFUNDED, ledger.refunded(euros(4500), euros(4500), 225)
    [found] = told(CHARGED, PROCESSED, ended, sent)
    assert (found.paid, found.refunds, found.commission) == (
        *(euros(9000), euros(-4500), euros(-225)),
    )
    assert found.net == euros(9000 - 4500 - 160 - 225)


def test_a_session_that_is_owed_no_more_brings_nothing() -> None:
    """Its line stays, and is even."""
    owed = Kind.OWED, ledger.owed(euros(9000))
    assert told(owed)[0].on_account == euros(9000)
    [even] = told(owed, (Kind.REVERSED, ledger.owed(euros(-9000))))
    assert (even.on_account, even.net) == (euros(0), euros(0))


def test_disputed_money_is_the_practices_until_it_is_lost() -> None:
    """The fee counts at once; a lost dispute takes the amount."""
    [waiting] = told(CHARGED, IN_DISPUTE)
    assert (waiting.disputes, waiting.stripe_fees) == (euros(0), euros(-1500))
    [lost] = told(CHARGED, IN_DISPUTE, (Kind.DISPUTE_LOST, dispute_ledger.lost(euros(9000))))
    assert (lost.disputes, lost.net) == (euros(-9000), euros(-1500))


def test_each_currency_has_its_own_figures() -> None:
    """In their order; fees stand in the currency in which Stripe settled."""
    pounds = Kind.CHARGED, ledger.charged(Money(8000, "GBP"))
    settled = Kind.PROCESSED, ledger.processed(Money(8000, "GBP"), euros(9200), 300, 0)
    assert [(one.net.currency, one.net.amount) for one in told(pounds, settled)] == [
        ("EUR", -300),
        ("GBP", 8000),
    ]
