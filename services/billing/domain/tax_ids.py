"""Whether a number can be a tax id: its form and, where that is published, its check digit.

Nobody is asked: the forms are those of VIES (European Commission, FAQ question 11), the United
Kingdom's are of HMRC (VATREG), Australia's of the Australian Business Register (ABN, modulus 89).
"""

import re
from collections.abc import Callable, Sequence

from services.contracts.billing.invoice_settings import Country

FORMS = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": r"\d{9}(\d{3})?|GD\d{3}|HA\d{3}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]|\d{7}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}(\d{3})?",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{10}01",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}(\d{3})?|GD\d{3}|HA\d{3}",
}
ABN_WEIGHTS = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
GERMAN_TAX_NUMBER = r"\d{10,11}|\d{13}"
"""The Steuernummer of a tax office, or its uniform form; its check digit differs by state."""


def tax_id_of(text: str, country: Country) -> str | None:
    """The id as it is kept: capitals and digits, for VAT with its prefix; None for none.

    Germany: a VAT id or a Steuernummer, which keeps its slashes. United Kingdom: a VAT number,
    its prefix may be left out. Australia: an ABN.
    """
    bare = re.sub(r"[\s.\-]", "", text).upper()
    if country is Country.AU:
        return bare if is_abn(bare.removeprefix("ABN")) else None
    if country is Country.DE and re.fullmatch(GERMAN_TAX_NUMBER, bare.replace("/", "")):
        return bare
    if country is Country.GB and bare[:1].isdigit():
        bare = "GB" + bare
    return bare if is_vat_id(bare) else None


def is_vat_id(text: str) -> bool:
    """Whether a VAT id with its country's prefix has that country's form and check digit."""
    country, number = text[:2], text[2:]
    form = FORMS.get(country)
    if form is None or not re.fullmatch(form, number):
        return False
    check = CHECKS.get(country)
    return check is None or check(number)


def is_abn(text: str) -> bool:
    """An Australian Business Number: eleven digits, modulus 89 after one is taken off the first."""
    if not re.fullmatch(r"[1-9]\d{10}", text):
        return False
    return (_weighted(text, ABN_WEIGHTS) - ABN_WEIGHTS[0]) % 89 == 0


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _mod_11_10(number: str) -> bool:
    """ISO 7064, mod 11,10: Germany and Croatia."""
    product = 10
    for digit in number[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(number[-1])


def _luhn(number: str) -> bool:
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _austrian(number: str) -> bool:
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(number[1:8]))
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return (10 - (total + 4) % 10) % 10 == int(number[8])


def _british(number: str) -> bool:
    """Both series: modulus 97, and since 2010 the same less 55."""
    if not number[:9].isdigit():
        return True
    return _weighted(number, (8, 7, 6, 5, 4, 3, 2, 10, 1)) % 97 in (0, 42)


def _french(number: str) -> bool:
    """A numeric key checks the SIREN behind it; other keys follow no published rule."""
    if not number[:2].isdigit():
        return True
    return int(number[:2]) == (12 + 3 * (int(number[2:]) % 97)) % 97


def _sum_is_zero(weights: Sequence[int], modulus: int) -> Callable[[str], bool]:
    return lambda number: _weighted(number, weights) % modulus == 0


def _portuguese(number: str) -> bool:
    check = 11 - _weighted(number, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if check > 9 else check) == int(number[8])


def _polish(number: str) -> bool:
    return _weighted(number, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(number[9])


def _finnish(number: str) -> bool:
    check = (11 - _weighted(number, (7, 9, 10, 5, 8, 4, 2)) % 11) % 11
    return check == int(number[7])


CHECKS: dict[str, Callable[[str], bool]] = {
    "AT": _austrian,
    "BE": lambda number: 97 - int(number[:8]) % 97 == int(number[8:]),
    "DE": _mod_11_10,
    "DK": _sum_is_zero((2, 7, 6, 5, 4, 3, 2, 1), 11),
    "EE": _sum_is_zero((3, 7, 1, 3, 7, 1, 3, 7, 1), 10),
    "FI": _finnish,
    "FR": _french,
    "GB": _british,
    "HR": _mod_11_10,
    "HU": _sum_is_zero((9, 7, 3, 1, 9, 7, 3, 1), 10),
    "IT": _luhn,
    "LU": lambda number: int(number[:6]) % 89 == int(number[6:]),
    "PL": _polish,
    "PT": _portuguese,
    "SE": lambda number: _luhn(number[:10]),
    "XI": _british,
}
