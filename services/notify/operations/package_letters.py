"""A mail about a package as people read it: what was bought of whom, until when, what goes back.

The package's own name is in none: a practice may have written into it what the sessions are for.
"""

from dataclasses import dataclass
from typing import Any

from services.contracts.billing.package_mails import SaleForMail
from services.contracts.profiles.clients import ContactView
from services.notify.domain.kinds import PackageMail
from services.notify.domain.subjects import subject_of_package
from services.notify.operations import wording
from services.notify.operations.letters import Letter, Letterhead, rendered


@dataclass(frozen=True, slots=True)
class PackageOccasion:
    """What a letter about a package tells, and whom."""

    template: PackageMail
    sale: SaleForMail
    contact: ContactView


def write_of_package(occasion: PackageOccasion, letterhead: Letterhead) -> Letter:
    """Render a letter about a package."""
    values = _values(occasion.sale, occasion.contact, letterhead)
    return rendered(str(occasion.template), subject_of_package(occasion.template), values)


def _values(sale: SaleForMail, contact: ContactView, letterhead: Letterhead) -> dict[str, Any]:
    zone, ends_at = contact.time_zone, sale.expires_at
    return {
        "name": contact.name,
        "practitioner": contact.practitioner_name,
        "practice": contact.practice_name,
        "sessions": wording.sessions(sale.sessions),
        "used": wording.sessions(sale.used),
        "left": wording.sessions(sale.left),
        "left_of_all": f"{sale.left} of {wording.sessions(sale.sessions)}",
        "has_left": sale.left > 0,
        "has_used": sale.used > 0,
        "last_day": wording.day(ends_at, zone) if ends_at else "",
        "last_moment": wording.clock(ends_at, zone) if ends_at else "",
        "zone": wording.zone_name(ends_at, zone) if ends_at else "",
        "price": wording.money(sale.price),
        "kept": wording.money(sale.price - sale.goes_back),
        "goes_back": wording.money(sale.goes_back),
        "has_refund": sale.goes_back.amount > 0,
        "is_at_stripe": sale.is_at_stripe,
        "rule": wording.RULES[sale.refund_rule],
        "package_url": f"{letterhead.public_url}/billing/packages/{sale.sale_id}",
    }
