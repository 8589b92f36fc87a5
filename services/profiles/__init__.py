"""profiles owns accounts and logins, practices and their people, clients, the catalogue of topics
and approaches, and the published directory.

Emits `registration_mail_asked` and `guest_joined`. Consumes `openings_changed` (booking) and
`price_published` (billing), which feed the directory.
"""
