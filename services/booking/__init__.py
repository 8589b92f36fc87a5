"""Booking owns offerings, schedules, sessions, bookings with their holds, courses, free times.

Emits `booking_held`, `booking_confirmed`, `booking_expired`, `booking_refused`,
`booking_cancelled`, `booking_rescheduled` and `openings_changed`; consumes `payment_started`,
`payment_succeeded`, `credit_used`, `refund_made` and `price_published` of billing, and
`guest_joined` of profiles.
"""
