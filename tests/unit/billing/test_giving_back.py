"""What a refund does before it is done, and what disputes post: pure rules."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain import dispute_ledger, ledger
from services.billing.domain.accounts import Account
from services.billing.domain.disputes import STAGES, is_no_older
from services.billing.domain.giving_back import Standing, agreement, effect_of
from services.billing.domain.ledger import Postings
from services.common.money import Money

AMOUNTS = st.integers(0, 10**7)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


WHOLE = Standing(
    captured=eur(9000), promised=eur(0), funds=eur(9000), retained=eur(0), disputed=eur(0),
    stripe_fee=eur(160), commission=450,
)  # fmt: skip


def held(*moves: Postings) -> dict[Account, int]:
    """What each account holds after these."""
    found: dict[Account, int] = {}
    for posting in (one for move in moves for one in move):
        found[posting.account] = found.get(posting.account, 0) + posting.money.amount
    return {account: amount for account, amount in found.items() if amount}


@given(AMOUNTS, AMOUNTS, st.integers(0, 500))
def test_a_refund_takes_all_of_it_from_the_booking_and_from_what_was_kept(
    funds: int, retained: int, commission: int
) -> None:
    """Whatever goes back leaves what it is taken from, and nothing is left below zero."""
    captured = eur(funds + retained + 1)
    standing = replace(
        WHOLE, captured=captured, funds=eur(funds), retained=eur(retained), commission=commission
    )
    effect = effect_of(standing, eur(funds + retained or 1))
    assert effect.from_funds + effect.from_retained == effect.refund
    assert 0 <= effect.funds_after.amount <= funds
    assert effect.balance == effect.commission_back - effect.refund
    assert effect.commission_back.amount <= commission


def test_any_other_figure_is_another_agreement() -> None:
    """Each field of the standing and the amount itself change the word; the same figures do not."""
    word = agreement(WHOLE, effect_of(WHOLE, eur(3000)))
    assert word == agreement(WHOLE, effect_of(WHOLE, eur(3000)))
    others = [
        replace(WHOLE, promised=eur(1)),
        replace(WHOLE, funds=eur(8999), retained=eur(1)),
        replace(WHOLE, disputed=eur(1)),
        replace(WHOLE, stripe_fee=None),
        replace(WHOLE, commission=451),
    ]
    words = {agreement(one, effect_of(one, eur(3000))) for one in others}
    words.add(agreement(WHOLE, effect_of(WHOLE, eur(3001))))
    assert len(words) == 6
    assert word not in words


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_won_dispute_leaves_the_fee_alone(
    funds: int, retained: int, held_back: int, fee: int
) -> None:
    """Withdrawn and reinstated: every account is as before but for the fee."""
    taken = dispute_ledger.withdrawn(eur(funds), eur(retained), eur(held_back), eur(fee))
    back = dispute_ledger.reinstated(
        eur(funds + retained), eur(held_back), eur(0), to=Account.BOOKING_FUNDS
    )
    left = {
        Account.DISPUTE_FEES: fee, Account.STRIPE_BALANCE: -fee,
        Account.BOOKING_FUNDS: -retained, Account.RETAINED_FEES: retained,
    }  # fmt: skip
    assert held(taken, back) == {account: amount for account, amount in left.items() if amount}


def test_a_lost_dispute_and_a_failed_refund_add_up() -> None:
    """Lost: the loss stands against what is disputed. Failed and sent again: as sent once."""
    taken = dispute_ledger.withdrawn(eur(9000), eur(0), eur(9000), eur(1500))
    assert held(taken, dispute_ledger.lost(eur(9000))) == {
        Account.BOOKING_FUNDS: 9000, Account.DISPUTED: -9000, Account.DISPUTE_LOSSES: 9000,
        Account.DISPUTE_FEES: 1500, Account.STRIPE_BALANCE: -10500,
    }  # fmt: skip
    sent, failed = (ledger.refunded(eur(way * 3000), eur(way * 3000), 0) for way in (1, -1))
    assert held(sent, failed) == {}
    owed = ledger.granted(eur(3000), eur(0))
    assert held(owed, ledger.paid_elsewhere(eur(3000))) == {
        Account.BOOKING_FUNDS: 3000, Account.BANK: -3000,
    }  # fmt: skip


def test_a_status_never_goes_back() -> None:
    """From asking to the decision; an inquiry may become a dispute, and what is closed stays so."""
    way = [*STAGES, "won"]
    for number, known in enumerate(way):
        for told in way:
            assert is_no_older(told, known) == (way.index(told) >= number)
