"""profiles owns accounts and logins, practices and their people, clients, the catalogue of topics
and approaches, and the published directory.

Emits nothing yet. Consumes `openings_changed` (booking) and `price_published` (billing), which
feed the directory.
"""
