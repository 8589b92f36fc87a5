"""Tenants are kept apart by the database itself: seen from its catalogue, and by trying."""
