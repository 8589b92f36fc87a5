"""The foreign systems of billing: Stripe, and the service booking."""
