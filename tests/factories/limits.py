"""Settings of a product whose visitors all come from one address, more often than people do."""

ONE_ADDRESS = {
    "GATEWAY_BOOKINGS_PER_MINUTE": "1000000",
    "GATEWAY_REGISTRATIONS_PER_MINUTE": "1000000",
    "GATEWAY_BOOKINGS_PER_DAY": "1000000",
    "GATEWAY_OPEN_HOLDS": "1000000",
    "GATEWAY_OPEN_HOLDS_PER_ADDRESS": "1000000",
}
#: As many unpaid holds as one person may have in the shared product.
MOST_HOLDS = 12
