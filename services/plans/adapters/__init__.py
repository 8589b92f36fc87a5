"""The other services, as plans sees them."""
