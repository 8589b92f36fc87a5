"""Whom to call in a crisis, where somebody is."""

from babel.core import get_global

from services.gateway.web.words import CRISIS_COUNTRIES, CrisisCountry
from services.gateway.web.zones import ShownZone


def countries_for(shown: ShownZone) -> tuple[CrisisCountry, ...]:
    """The country of the viewer's zone (CLDR's territory of each zone); every country that we
    know of, where the zone is nobody's word or in none of them."""
    code = str(get_global("zone_territories").get(shown.id, "")).lower()
    is_told = shown.source != "practitioner"
    fitting = tuple(one for one in CRISIS_COUNTRIES if is_told and one.code == code)
    return fitting or CRISIS_COUNTRIES
