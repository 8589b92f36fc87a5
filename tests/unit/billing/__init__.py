"""The rules of billing: the ledger, refunds, retries, webhooks."""
