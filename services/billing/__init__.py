"""billing owns prices, payments, refunds, payouts and the ledger of each practice's money.

Emits price_published, payment_started, payment_succeeded, credit_used, refund_made, package_bought
and package_ended. Consumes booking_held, booking_expired, booking_refused, booking_cancelled and
Stripe's webhooks, those of refunds that fail and of disputes included. Charges are direct: on the
practice's own Stripe account, so the platform never holds clients' money.
"""
