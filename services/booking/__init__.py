"""Booking: offerings, schedules, availability, sessions, bookings, holds, courses, waitlist.

Owns the schema `booking`. Emits `booking_*` and `session_*` events; consumes payment events.
"""
