"""Every SELECT of plans, locks included."""
