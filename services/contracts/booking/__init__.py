"""What booking offers: offerings, slots, sessions, bookings, courses and their changes.

Who knows any of it can read its refusals.
"""

from services.contracts.booking import refusals as refusals
