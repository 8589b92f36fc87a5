"""Billing against the real database and the Stripe twin."""
