"""The rules of booking: pure functions and frozen values; `now` is always an argument.

Instants are UTC epoch seconds inside and aware datetimes at the rim.
"""
