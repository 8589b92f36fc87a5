"""The foreign systems of billing: Stripe, and the services booking and profiles."""
