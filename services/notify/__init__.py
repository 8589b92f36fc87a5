"""notify owns templates, messages, reminders, preferences, delivery and the links in mails.

Consumes booking_confirmed, booking_cancelled, booking_rescheduled, booking_refused (booking) and
refund_made (billing); emits nothing.
"""
