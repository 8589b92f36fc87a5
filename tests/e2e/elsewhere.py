"""Pages that are looked at elsewhere than in test_pages.py: by whom, and with which ids."""

STAFF_BOOKING = "/practices/1/bookings/2"
"""Looked at in test_week.py and test_time_off.py."""
COURSES = (
    "/practices/1/bookings/2/course",
    "/practices/1/courses/2",
    "/practices/1/courses/2/cancel",
)
"""Looked at in test_courses.py."""
CLIENTS = ("/clients/1", "/clients/book")
"""Looked at in test_clients.py."""
WEEK = ("/calendar", f"{STAFF_BOOKING}/move", f"{STAFF_BOOKING}/moved")
"""Looked at in test_calendar.py."""
NOTES = ("/notes", "/notes/new", "/notes/1", "/notes/1/sign", "/notes/1/discard")
"""Looked at in test_notes.py."""
MEASURES = ("/plans/1/measures/phq-9", "/plans/1/answers/2", "/plans/1/reviews/new")
"""Looked at in test_measures.py."""
TEMPLATE = "/plans/templates/1"
TEMPLATES = (
    *("/plans/templates", "/plans/templates/new"),
    *(f"{TEMPLATE}{below}" for below in ("", "/versions/1", "/edit/focus")),
)
"""Looked at in test_templates.py."""
DATES = ("/plans/1/dates", f"{STAFF_BOOKING}/series")
"""Looked at in test_plan_dates.py."""
SETUP = "/practices/1/intake"
INTAKE = (
    *(f"/bookings/1/intake{below}" for below in ("", "/consents", "/consents/2", "/looks")),
    *(f"{SETUP}{below}" for below in ("", "/preview", "/questions/2", "/texts/treatment")),
    f"{SETUP}/versions/1",
    "/practices/1/clients/2/intake",
)
"""Looked at in test_intake.py."""
MONEY = "/practices/1/money"
INVOICES = (
    *(f"{MONEY}/{below}" for below in ("invoices", "invoices/new", "invoices/run", "invoices/2")),
    *(f"{MONEY}/invoice-settings", "/billing", "/billing/2"),
)
"""Looked at in test_invoices.py."""
DESK = (
    *("/money", MONEY, f"{MONEY}/payments", f"{MONEY}/refunds", f"{MONEY}/disputes"),
    *(f"{MONEY}/owed", f"{MONEY}/ledger", f"{MONEY}/exports", f"{MONEY}/payments/2"),
    *(f"{MONEY}/ledger/accounts/2/EUR", f"{MONEY}/ledger/transactions/2"),
    *(f"{MONEY}/payments/2/refund", f"{MONEY}/reports", f"{MONEY}/reports/entries"),
    *(f"{MONEY}/reports/sessions", f"{MONEY}/packages"),
    *(f"{MONEY}/month-end{below}" for below in ("", "/2", "/2/close")),
)
"""Looked at in test_money.py."""
RECONCILED = (
    *(f"{MONEY}/payouts", f"{MONEY}/payouts/2"),
    *(f"{MONEY}/reconciliation", f"{MONEY}/reconciliation/2"),
)
"""Looked at in test_reconciliation.py."""
PACKAGES = (
    *(f"{MONEY}/packages/{below}" for below in ("new", "sales", "sales/2", "sales/2/end")),
    *("/practitioners/mara-lindenau/packages", "/billing/packages/2"),
)
"""Looked at in test_packages.py."""
MOMENTS = (
    *(f"{MONEY}/refunds/2/elsewhere", f"{MONEY}/disputes/2", f"{MONEY}/disputes/2/accept"),
    *(f"{STAFF_BOOKING}/series/moved", "/register/confirm/1", f"{MONEY}/packages/2"),
)
"""Looked at as samples."""

ELSEWHERE = (
    *(f"{STAFF_BOOKING}{below}" for below in ("", "/cancel", "/reschedule", "/links")),
    *(*COURSES, *CLIENTS, *WEEK, *NOTES, *MEASURES, *TEMPLATES, *DATES, *INTAKE),
    *(*INVOICES, *DESK, *PACKAGES, *RECONCILED, *MOMENTS),
)
