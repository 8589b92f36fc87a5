"""What a password may be (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2)."""

import unicodedata
from functools import cache
from pathlib import Path

from services.contracts.profiles.accounts import CommonPassword

COMMON_PASSWORDS = Path(__file__).with_name("common_passwords.txt")


def canonical(password: str) -> str:
    """The form that is hashed: the same keys on another keyboard give the same password."""
    return unicodedata.normalize("NFKC", password)


def check_uncommon(password: str, *, email: str, name: str) -> None:
    """Raises CommonPassword for what is tried first: a common one, or the person's own words."""
    folded = canonical(password).casefold()
    own = {email.casefold(), email.casefold().partition("@")[0], name.casefold()}
    own.add("".join(name.casefold().split()))
    if folded in common_passwords() or folded in own or len(set(folded)) == 1:
        told = {"password": "This password is among those tried first. Choose another one."}
        raise CommonPassword("Please choose a less common password.", told)


@cache
def common_passwords() -> frozenset[str]:
    """The blocked ones, folded; each at least eight characters long."""
    return frozenset(COMMON_PASSWORDS.read_text(encoding="utf-8").split())
