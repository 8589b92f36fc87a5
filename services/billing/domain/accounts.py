"""The accounts of a practice's ledger.

Debits are positive, credits negative; every transaction sums to zero per currency. At any time,
per payment: captured = what booking_funds, deferred_revenue, retained_fees, lapsed_credits,
refunds_due and disputed still hold (credits) + what went back.
"""

from enum import StrEnum


class Account(StrEnum):
    """Where money is, or whom it is owed."""

    STRIPE_BALANCE = "stripe_balance"
    """Asset: what the practice has at Stripe, pending and available."""
    BOOKING_FUNDS = "booking_funds"
    """Liability: captured and allocated to bookings that stand."""
    DEFERRED_REVENUE = "deferred_revenue"
    """Liability: paid for sessions of packages that were not used yet."""
    LAPSED_CREDITS = "lapsed_credits"
    """Income: paid for sessions of packages that nobody used in time."""
    RETAINED_FEES = "retained_fees"
    """Income: what the practice keeps of a cancelled booking by its policy."""
    REFUNDS_DUE = "refunds_due"
    """Liability: promised to the client and not yet sent back."""
    RECEIVABLES = "receivables"
    """Asset: what clients owe for sessions that are not paid here."""
    SESSION_FEES = "session_fees"
    """Income: what sessions on account have earned."""
    STRIPE_FEES = "stripe_fees"
    """Expense: what Stripe keeps for processing, taxes on it included."""
    PLATFORM_COMMISSION = "platform_commission"
    """Expense: the application fee, less what came back with refunds."""
    PAYOUTS_IN_TRANSIT = "payouts_in_transit"
    """Asset: what has left Stripe and has not arrived at the bank."""
    SUSPENSE = "suspense"
    """Clearing: what Stripe moved and nobody has explained yet; empty once all is."""
    DISPUTED = "disputed"
    """Liability: captured, and allocated to nothing while its client disputes it; what is lost
    stays here, and dispute_losses stand against it."""
    HELD_BY_BANKS = "held_by_banks"
    """Asset: what clients' banks took back, and hold until a dispute is decided."""
    DISPUTE_LOSSES = "dispute_losses"
    """Expense: what was lost in disputes."""
    DISPUTE_FEES = "dispute_fees"
    """Expense: what Stripe keeps for a dispute, less what it gives back."""
    BANK = "bank"
    """Asset: what the practice has outside Stripe, in its own bank and its till."""
    CURRENCY_EXCHANGE = "currency_exchange"
    """Clearing: where Stripe settles in another currency than the client paid in."""


class Kind(StrEnum):
    """What a ledger transaction records."""

    CHARGED = "charged"
    PROCESSED = "processed"
    ENDED = "ended"
    REFUNDED = "refunded"
    OWED = "owed"
    REVERSED = "reversed"
    PAID_OUT = "paid_out"
    ARRIVED = "arrived"
    RETURNED = "returned"
    IMPORTED = "imported"
    ADJUSTED = "adjusted"
    GRANTED = "granted"
    REFUND_FAILED = "refund_failed"
    PAID_ELSEWHERE = "paid_elsewhere"
    DISPUTED = "disputed"
    REINSTATED = "reinstated"
    DISPUTE_LOST = "dispute_lost"
    CREDIT_USED = "credit_used"
    CREDIT_RETURNED = "credit_returned"
    CREDITS_LAPSED = "credits_lapsed"
    PACKAGE_ENDED = "package_ended"
