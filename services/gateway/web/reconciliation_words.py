"""The words of reconciliation: what differs, how it may be settled, how it was."""

from typing import Any, NamedTuple

from services.contracts.billing.payouts import PayoutStatus
from services.contracts.billing.reconciliation import DifferenceKind, Outcome, Way

Context = dict[str, Any]


class Words(NamedTuple):
    """A difference in a few words, what it means, and what each way to settle it writes."""

    label: str
    meaning: str
    takes: str


_WAITS = "Sets the balance to what Stripe says. The gap waits on the account for what is not yet "
_WAITS += "explained, until your accountant moves it."
KINDS: dict[DifferenceKind, Words] = {
    DifferenceKind.CHARGE_UNKNOWN_HERE: Words(
        "A charge that is not in the books",
        "Stripe took money on your account that Attune does not know of. Perhaps it was charged in "
        "Stripe's own dashboard, or its notice was lost.",
        "Books it as Stripe tells it: on its payment where it belongs to one, else on the account "
        "for what is not yet explained.",
    ),
    DifferenceKind.CHARGE_UNKNOWN_AT_STRIPE: Words(
        "A charge that Stripe does not know",
        "The books have a payment that is not among the movements of your Stripe account.",
        "Takes it off the balance. It waits on the account for what is not yet explained.",
    ),
    DifferenceKind.REFUND_UNKNOWN_HERE: Words(
        "A refund that is not in the books",
        "Stripe sent money back that Attune does not know of. Perhaps somebody refunded it in "
        "Stripe's own dashboard.",
        "Makes it a refund of the payment, with its entries, as if it had been made here. The "
        "client gets the usual mail.",
    ),
    DifferenceKind.REFUND_UNKNOWN_AT_STRIPE: Words(
        "A refund that Stripe does not know",
        "The books have a refund that is not among the movements of your Stripe account.",
        "Puts it back on the balance. It waits on the account for what is not yet explained.",
    ),
    DifferenceKind.PAYOUT_UNKNOWN_HERE: Words(
        "A payout that is not in the books",
        "Stripe paid out to your bank, and Attune has not heard of it.",
        "Asks Stripe for the payout and books it as it is now.",
    ),
    DifferenceKind.PAYOUT_UNKNOWN_AT_STRIPE: Words(
        "A payout that Stripe does not know",
        "The books have a payout that is not among the movements of your Stripe account.",
        "Puts it back on the balance. It waits on the account for what is not yet explained.",
    ),
    DifferenceKind.PAYOUT_DIFFERS: Words(
        "A payout of another amount",
        "Stripe took another amount off your balance than the payout says.",
        _WAITS,
    ),
    DifferenceKind.AMOUNT_DIFFERS: Words(
        "Another amount",
        "Stripe moved another amount than the books have.",
        _WAITS,
    ),
    DifferenceKind.FEE_DIFFERS: Words(
        "Another fee",
        "Stripe kept another fee than the books have.",
        "Books the gap as Stripe's fee.",
    ),
    DifferenceKind.COMMISSION_DIFFERS: Words(
        "Another commission",
        "The platform's commission at Stripe is another one than in the books.",
        "Books the gap as commission.",
    ),
    DifferenceKind.CURRENCY_DIFFERS: Words(
        "Another currency or exchange",
        "Stripe settled this in another currency, or at another rate, than the books have.",
        _WAITS,
    ),
    DifferenceKind.ENTRY_MISSING: Words(
        "An entry is missing",
        "Attune knows of this movement, and not all of its entries are in the books.",
        "Writes the entries that are missing, as Stripe tells them.",
    ),
    DifferenceKind.POSTED_TWICE: Words(
        "Booked more than once",
        "The books have this movement more than once.",
        "Takes the surplus back by an entry of its own. Nothing is removed.",
    ),
    DifferenceKind.MOVEMENT_UNKNOWN: Words(
        "A movement that is not in the books",
        "Stripe moved money by itself: a fee for its software, a correction, or a dispute.",
        "Books it as Stripe tells it: fees as fees, all else on the account for what is not yet "
        "explained.",
    ),
}
WAYS = {
    Way.IMPORT: "Take over what Stripe says",
    Way.ADJUST: "Adjust the books to Stripe",
    Way.EXPLAIN: "Leave the books as they are",
}
EXPLAINS = "Writes no entry. Your words stand beside it, and it opens again if its figures change."
OUTCOMES: dict[Outcome, Context] = {
    Outcome.VANISHED: {"kind": "good", "label": "Gone by itself", "icon": "check"},
    Outcome.IMPORTED: {"kind": "good", "label": "Taken over", "icon": "check"},
    Outcome.ADJUSTED: {"kind": "good", "label": "Adjusted", "icon": "check"},
    Outcome.EXPLAINED: {"kind": "accent", "label": "Explained", "icon": "check"},
}
OPEN: Context = {"kind": "warn", "label": "Open", "icon": "warn"}
STATUSES: dict[PayoutStatus, Context] = {
    PayoutStatus.ANNOUNCED: {"kind": "warn", "label": "Being looked up", "icon": "clock"},
    PayoutStatus.PENDING: {"kind": "warn", "label": "Being prepared", "icon": "clock"},
    PayoutStatus.IN_TRANSIT: {"kind": "warn", "label": "On its way", "icon": "clock"},
    PayoutStatus.PAID: {"kind": "good", "label": "At the bank", "icon": "check"},
    PayoutStatus.FAILED: {"kind": "bad", "label": "Came back", "icon": "warn"},
    PayoutStatus.CANCELED: {"kind": "", "label": "Cancelled", "icon": "close"},
}
#: https://docs.stripe.com/reports/balance-transaction-types
TYPES = {
    "charge": "Charge",
    "payment": "Charge",
    "refund": "Refund",
    "payment_refund": "Refund",
    "payout_failure": "Payout that came back",
    "payout_cancel": "Payout that was cancelled",
    "adjustment": "Adjustment by Stripe",
    "stripe_fee": "Fee of Stripe's",
    "application_fee_refund": "Commission given back",
}


def type_label(type_: str) -> str:
    """A balance transaction's type in words; one without words keeps Stripe's."""
    return TYPES.get(type_, type_.replace("_", " ").capitalize())


def way_words(kind: DifferenceKind, way: Way) -> Context:
    """A way to settle it, and what it writes."""
    hint = EXPLAINS if way is Way.EXPLAIN else KINDS[kind].takes
    return {"value": way.value, "label": WAYS[way], "hint": hint}
