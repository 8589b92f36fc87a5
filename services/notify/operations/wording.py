"""Instants, places and amounts as people read them, in English (CLDR's British forms, by Babel)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location, get_timezone_name
from babel.numbers import format_currency

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing.packages import RefundRule
from services.contracts.booking.bookings import BookingView
from services.contracts.profiles.clients import ContactView

LOCALE = "en_GB"
NO_CITY = {"UTC", "GMT", "Unknown City"}
WHOLE = 100
RULES = {
    RefundRule.PACKAGE_PRICE: "Each used session counts at the package's price",
    RefundRule.SINGLE_PRICE: "Each used session counts at its single price",
}


def day(at: datetime, zone: str) -> str:
    """The date on that zone's calendar: Monday, 23 November 2026."""
    return format_datetime(at, "EEEE, d MMMM y", tzinfo=ZoneInfo(zone), locale=LOCALE)


def clock(at: datetime, zone: str) -> str:
    """The time on that zone's clocks: 14:00."""
    return format_datetime(at, "HH:mm", tzinfo=ZoneInfo(zone), locale=LOCALE)


def day_and_clock(at: datetime, zone: str) -> str:
    """Both, short: Mon 23 Nov, 14:00."""
    return format_datetime(at, "EEE d MMM, HH:mm", tzinfo=ZoneInfo(zone), locale=LOCALE)


def zone_name(at: datetime, zone: str) -> str:
    """The zone by its city, as on pages: Berlin time. That holds on both sides of a change of
    clocks, where a mail tells of several sessions; a zone without a city goes by its own name."""
    city = get_timezone_location(zone, locale=LOCALE, return_city=True).rsplit("/", 1)[-1]
    if zone.startswith("Etc/") or city in NO_CITY:
        local = at.astimezone(ZoneInfo(zone))
        return str(get_timezone_name(local, width="long", locale=LOCALE))
    return f"{city} time"


def place(booking: BookingView, contact: ContactView) -> str:
    """Street and place on one line where they meet in person; empty where nobody goes anywhere."""
    return " ".join(contact.practice_address.split()) if booking.format is Format.IN_PERSON else ""


def money(amount: Money) -> str:
    """The amount in major units with its currency's sign: €45.00."""
    return format_currency(amount.major(), amount.currency, locale=LOCALE)


def sessions(count: int) -> str:
    """So many sessions: 1 session, 5 sessions."""
    return "1 session" if count == 1 else f"{count} sessions"


def coming_back(percent: int) -> str:
    """How much of what was paid comes back: 50% comes back."""
    if percent == WHOLE:
        return "all of it comes back"
    return f"{percent}% comes back" if percent else "charged in full"


def owed(percent: int) -> str:
    """What the practice may ask for where so much is let off: 50% of the price may be owed."""
    return "nothing is owed" if percent == WHOLE else f"{WHOLE - percent}% of the price may be owed"
