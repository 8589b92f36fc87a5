"""Anything that may befall a practice's money, in any order, at the real twin and in the books."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.billing.models import Payment, Refund
from services.billing.operations import disputes, payouts, refund_failures
from services.billing.queries.invariants import CHECKS
from services.common.clock import utc_now
from services.common.errors import Refusal
from services.contracts.billing.refunds import NotePaidElsewhere, RetryRefund
from tests.integration.billing.money_back import disputes_of, give_back
from tests.integration.billing.world import World

CARDS = {
    "good": "4242424242424242",
    "declined": "4000000000000002",
    "refunds fail": "4000000000005126",
    "disputed": "4000000000000259",
}
LATER = timedelta(seconds=61)
MOST_BOOKINGS = 3
Which = st.integers(0, MOST_BOOKINGS - 1)


class MoneyMachine(RuleBasedStateMachine):
    """A practice with up to three bookings. What is refused changes nothing, whatever it is."""

    make_world: Callable[..., World]

    @initialize(amount=st.sampled_from([100, 8995, 9000]), commission=st.sampled_from([0, 500]))
    def open(self, amount: int, commission: int) -> None:
        """A price, a commission in basis points, and the first booking."""
        self.world = type(self).make_world(amount=amount, commission=commission)
        self.bookings = [self.world.booking_id]
        self.world.hold()

    @precondition(lambda self: len(self.bookings) < MOST_BOOKINGS)
    @rule()
    def book(self) -> None:
        """One more."""
        world = self.world
        first = world.bookings.known[self.bookings[0]]
        world.booking_id = uuid7()
        world.bookings.known[world.booking_id] = first.model_copy(update={"id": world.booking_id})
        world.bookings.accounts[world.booking_id] = world.account_id
        self.bookings.append(world.booking_id)
        world.hold()

    @rule(which=Which, card=st.sampled_from([*CARDS, "good", "good"]))
    def pay(self, which: int, card: str) -> None:
        """Open the page and pay it."""
        self._turn_to(which)
        with suppress(Refusal, httpx.HTTPError):
            self.world.start()
            self.world.pay(CARDS[card])

    @rule(which=Which, percent=st.sampled_from([0, 33, 50, 100]))
    def cancel(self, which: int, percent: int) -> None:
        """By the client, on these terms."""
        self._turn_to(which)
        self.world.cancel(percent)

    @rule(which=Which, is_refused=st.booleans())
    def end(self, which: int, is_refused: bool) -> None:
        """By booking: the seat was gone, or the deadline passed."""
        self._turn_to(which)
        (self.world.refuse if is_refused else self.world.expire)()

    @rule(which=Which, amount=st.integers(1, 9000) | st.none())
    def give_back(self, which: int, amount: int | None) -> None:
        """By the practice: so much, or all that is left."""
        self._turn_to(which)
        with suppress(Refusal):
            give_back(self.world, amount)

    @rule(which=Which)
    def dispute(self, which: int) -> None:
        """By the client's bank."""
        self._turn_to(which)
        if charge := self.world.payment().charge_id:
            with suppress(httpx.HTTPError):
                self.world.twin.befall("disputes/open", charge=charge)

    @rule(is_won=st.booleans())
    def decide(self, is_won: bool) -> None:
        """The banks decide whatever is disputed."""
        for one in disputes_of(self.world):
            with suppress(httpx.HTTPError):
                self.world.twin.befall(
                    "disputes/decide",
                    dispute=one.stripe_dispute_id,
                    outcome="won" if is_won else "lost",
                )

    @rule()
    def send_refunds_back(self) -> None:
        """The banks cannot book the refunds that were made."""
        for refund in self.world.refunds():
            if refund.state == "made" and refund.stripe_refund_id:
                with suppress(httpx.HTTPError):
                    self.world.twin.befall("refunds/fail", refund=refund.stripe_refund_id)

    @rule(is_elsewhere=st.booleans())
    def see_to_failed_refunds(self, is_elsewhere: bool) -> None:
        """The practice sends them once more, or pays them itself."""
        for refund in self.world.refunds():
            with suppress(Refusal):
                self._see_to(refund, is_elsewhere)

    @rule(ends=st.sampled_from(["", "paid", "failed"]))
    def pay_out(self, ends: str) -> None:
        """Stripe pays out all that there is; the bank takes it, or sends it back."""
        with suppress(httpx.HTTPError):
            told = {"account": self.world.stripe_account, "with_pending": True}
            for made in self.world.twin.switch("payouts", **told):
                if ends:
                    self.world.twin.switch("payouts/end", payout=made["id"], status=ends)

    @rule()
    def work(self) -> None:
        """What is due now, and no more."""
        self.world.work_off()

    @rule()
    def settle(self) -> None:
        """Every look that is owed, and those that webhooks would ask for: then both sides agree."""
        world, now = self.world, utc_now()
        around = world.around
        for payout in world.twin.objects("payouts", world.stripe_account):
            with world.database.transaction(world.us) as tx:
                payouts.announce(tx, world.practice_id, payout["id"], now)
        for payment in self._payments():
            disputes.settle_disputes(around, world.practice_id, payment.id, now)
        for refund in world.refunds():
            refund_failures.check_refund(around, world.practice_id, refund.id, now)
        for wait in (LATER, LATER * 10, LATER * 20):
            world.work_off(now + wait)
        for payment in self._payments():
            disputes.settle_disputes(around, world.practice_id, payment.id, now)
        for refund in world.refunds():
            refund_failures.check_refund(around, world.practice_id, refund.id, now)
        self._check_agreement()

    @invariant()
    def the_books_hold(self) -> None:
        """The ledger sums to zero, and captured = allocated + retained + owed + disputed + gone
        back, payment by payment, with all else that the doctor asks of live data."""
        with self.world.database.transaction(self.world.us) as tx:
            broken = {rule for rule, count in CHECKS.items() if tx.scalar(text(count))}
        assert broken == set()
        assert sum(self.world.balances().values()) == 0

    def teardown(self) -> None:
        """However it went, it can be settled."""
        if hasattr(self, "world"):
            self.settle()

    def _turn_to(self, which: int) -> None:
        self.world.booking_id = self.bookings[which % len(self.bookings)]

    def _payments(self) -> list[Payment]:
        found = []
        for which in range(len(self.bookings)):
            self._turn_to(which)
            found.append(self.world.payment())
        return found

    def _see_to(self, refund: Refund, is_elsewhere: bool) -> None:
        world, told = self.world, {"refund_id": refund.id, "attempt": refund.attempt}
        with world.database.transaction(world.admin) as tx:
            if is_elsewhere:
                command = NotePaidElsewhere(**told, words="By bank transfer.")
                refund_failures.note_paid_elsewhere(tx, command, actor=world.admin, now=utc_now())
            else:
                again = RetryRefund(**told)
                refund_failures.retry_refund(tx, again, actor=world.admin, now=utc_now())

    def _check_agreement(self) -> None:
        """Our Stripe account and theirs, to the cent; and each payment with its charge."""
        world = self.world
        movements = world.twin.objects("balance_transactions", world.stripe_account)
        at_stripe = sum(one["net"] for one in movements)
        assert world.balances().get("stripe_balance", 0) == at_stripe
        charges = world.twin.objects("charges", world.stripe_account)
        captured = sum(one["amount"] for one in charges if one["status"] == "succeeded")
        assert sum(one.captured for one in self._payments()) == captured
