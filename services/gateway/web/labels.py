"""How the pages write money, times, zones and languages, in British English.

Pure: what depends on the present takes `now`. Instants are aware; `zone` is the zone to show.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_location
from babel.numbers import format_currency, get_currency_symbol

from services.common.money import Money
from services.contracts.base import Format

LOCALE = Locale("en", "GB")
NO_CITY = {"UTC", "GMT", "Unknown City"}
FAR_AWAY = timedelta(days=180)


def money_label(money: Money) -> str:
    """ "€95", "€95.50", "A$160": decimals only where there are any."""
    amount, symbol = money.major(), get_currency_symbol(money.currency, locale=LOCALE)
    space = "\N{NO-BREAK SPACE}" if symbol[-1].isalpha() else ""
    is_whole = amount == amount.to_integral_value()
    return format_currency(
        amount,
        money.currency,
        format=f"¤{space}#,##0" + ("" if is_whole else ".00"),
        locale=LOCALE,
        currency_digits=not is_whole,
    )


def instant(at: datetime) -> str:
    """RFC 3339 in UTC with Z, for `datetime` attributes and addresses."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def time_label(at: datetime, zone: ZoneInfo) -> str:
    """ "14:00". In the hour that a clock shows twice the abbreviation tells which of the two."""
    local = at.astimezone(zone)
    other = local.replace(fold=1 - local.fold)
    is_twice = other.utcoffset() != local.utcoffset() and other.astimezone(UTC).astimezone(
        zone
    ).replace(tzinfo=None) == local.replace(tzinfo=None)
    return f"{local:%H:%M} {local.tzname()}" if is_twice else f"{local:%H:%M}"


def date_label(day: date, today: date) -> str:
    """ "Tuesday 24 November", with the year where it is not the running one."""
    return format_date(day, "EEEE d MMMM" + _year_of(day, today), locale=LOCALE)


def short_date_label(day: date, today: date) -> str:
    """ "Tue 24 Nov", with the year where the day is more than half a year away."""
    year = " y" if abs(day - today) > FAR_AWAY else ""
    return format_date(day, "EEE d MMM" + year, locale=LOCALE)


def full_date_label(day: date) -> str:
    """ "5 October 2026"."""
    return format_date(day, "d MMMM y", locale=LOCALE)


def month_label(day: date) -> str:
    """ "November 2026"."""
    return format_date(day, "LLLL y", locale=LOCALE)


def month_name(day: date) -> str:
    """ "November"."""
    return format_date(day, "LLLL", locale=LOCALE)


def day_label(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "Today", "Tomorrow" or "Tue 24 Nov", as the zone's calendar says."""
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    named = {today: "Today", today + timedelta(days=1): "Tomorrow"}
    return named.get(day) or short_date_label(day, today)


def moment_label(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "Tue 24 Nov, 14:00"."""
    return f"{day_label(at, zone, now)}, {time_label(at, zone)}"


def when_label(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "Tuesday 24 November, 14:00–14:50"; both dates where midnight lies within."""
    today = now.astimezone(zone).date()
    first, last = starts_at.astimezone(zone).date(), ends_at.astimezone(zone).date()
    begins = f"{date_label(first, today)}, {time_label(starts_at, zone)}"
    if first == last:
        return f"{begins}–{time_label(ends_at, zone)}"
    return f"{begins} – {date_label(last, today)}, {time_label(ends_at, zone)}"


@cache
def city_of(zone_id: str) -> str:
    """The city that a zone is known by, "" where it has none: "Berlin", "Kyiv", "New York"."""
    if zone_id.startswith("Etc/"):
        return ""
    city = str(get_timezone_location(zone_id, locale=LOCALE, return_city=True))
    return "" if city in NO_CITY else city.rsplit("/", 1)[-1]


def zone_name(zone: ZoneInfo) -> str:
    """ "Berlin time"; a zone without a city is named by its distance: "UTC", "UTC+3"."""
    city = city_of(zone.key)
    return f"{city} time" if city else _distance(zone)


def there_label(at: datetime, there: ZoneInfo, zone: ZoneInfo) -> str | None:
    """ "21:00 in Sydney", with the weekday where it is another day; None for the same clock."""
    local, other = at.astimezone(zone), at.astimezone(there)
    if local.utcoffset() == other.utcoffset():
        return None
    day = "" if local.date() == other.date() else format_date(other, "EEE ", locale=LOCALE)
    city = city_of(there.key)
    return f"{day}{time_label(at, there)} {'in ' + city if city else _distance(there)}"


def language_name(code: str) -> str:
    """ "German" for `de`; an unknown code stays as it is."""
    return str(LOCALE.languages.get(code, code))


def languages_label(codes: Iterable[str]) -> str:
    """ "English, German"."""
    return ", ".join(language_name(code) for code in codes)


def format_label(format_: Format, city: str = "") -> str:
    """ "Online", or the city where the practice is."""
    if format_ is Format.ONLINE:
        return "Online"
    return city or "In person"


def format_words(format_: Format, city: str = "") -> str:
    """ "online", "in Berlin", as words within a sentence."""
    if format_ is Format.ONLINE:
        return "online"
    return f"in {city}" if city else "in person"


def formats_label(formats: Iterable[Format], city: str = "") -> str:
    """ "Online or in Berlin", as the first words of a line."""
    text = " or ".join(format_words(one, city) for one in formats)
    return text[:1].upper() + text[1:]


def minutes_label(minutes: int) -> str:
    """ "50 minutes"."""
    return f"{minutes} minutes"


def hours_label(hours: int) -> str:
    """ "24 hours"; whole days from three days on."""
    if hours >= 72 and hours % 24 == 0:
        return f"{hours // 24} days"
    return "1 hour" if hours == 1 else f"{hours} hours"


def _year_of(day: date, today: date) -> str:
    return "" if day.year == today.year else " y"


def _distance(zone: ZoneInfo) -> str:
    # Zones without a city know no summer time, so any instant tells their distance.
    minutes = int((datetime(2026, 1, 1, tzinfo=zone).utcoffset() or timedelta()).total_seconds())
    minutes //= 60
    if minutes == 0:
        return "UTC"
    sign = "+" if minutes > 0 else "−"
    whole, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{whole}" + (f":{rest:02}" if rest else "")
