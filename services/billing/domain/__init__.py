"""The rules of billing: the ledger, the life of a payment, refunds, retries, webhooks."""
