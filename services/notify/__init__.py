"""notify owns templates, messages, reminders, preferences, delivery and the links in mails.

Consumes booking_confirmed, booking_cancelled, booking_rescheduled, booking_refused (booking),
refund_made (billing) and registration_received (profiles); emits nothing.
"""
