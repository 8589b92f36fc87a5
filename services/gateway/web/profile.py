"""A practitioner's page in words: who, what was checked, what can be booked, on which terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.common.money import Money
from services.contracts.base import Format
from services.contracts.booking.offerings import OfferingView
from services.contracts.profiles.directory import PractitionerView, Profession
from services.gateway.web import labels, links
from services.gateway.web.people import format_fact, linked, listed_person
from services.gateway.web.terms import terms

Context = dict[str, Any]
Prices = Mapping[UUID, Money]
LONGEST_HEADLINE = 240


@dataclass(frozen=True, slots=True)
class Choice:
    """What times are looked for: an offering, and how to meet."""

    offering: OfferingView
    format: Format

    @classmethod
    def of(cls, offering: OfferingView, format_: str) -> "Choice":
        """The offering in the format of the address, where it has that, else in its first."""
        wanted = (one for one in offering.formats if one.value == format_)
        return cls(offering, next(wanted, offering.formats[0]))


def profile(view: PractitionerView, prices: Prices, zone: str) -> Context:
    """The person with everything the page tells; the first paragraph leads if it is short."""
    has_lead = len(view.about) > 1 and len(view.about[0]) <= LONGEST_HEADLINE
    times_url = links.times_url(view.slug, zone=zone)
    listed = listed_person(view, price=None, slots=[], times_url=times_url, zone=zone)
    return listed | {
        "headline": view.about[0] if has_lead else "",
        "about": view.about[1:] if has_lead else view.about,
        "price_label": price_range(prices),
        "approaches": linked(view.approaches, links.approach_url),
        "checked": checked(view),
    }


def price_range(prices: Prices) -> str:
    """ "€95", or "From €40" where prices differ; practices ask in one currency."""
    moneys = sorted(prices.values(), key=lambda money: money.amount)
    if not moneys:
        return "Price on the next page"
    label = labels.money_label(moneys[0])
    return label if moneys[0] == moneys[-1] else f"From {label}"


def checked(view: PractitionerView) -> list[Context]:
    """What somebody looked up, and when."""
    if not view.is_verified or view.verified_on is None:
        return [{"label": "Not yet", "text": "We have not finished checking the documents."}]
    what = "Training" if view.profession is Profession.COACH else "Registration"
    seen = f"Seen on {labels.full_date_label(view.verified_on)}."
    return [{"label": what, "text": f"{credential}. {seen}"} for credential in view.credentials]


def offerings(
    view: PractitionerView, offered: list[OfferingView], prices: Prices, zone: str
) -> list[Context]:
    """What can be booked, with the way to its times."""
    return [
        {
            "name": one.name,
            "minutes_label": labels.minutes_label(one.minutes),
            "summary": "",
            "price_label": price_label(one, prices),
            "format_label": labels.formats_label(one.formats, view.city),
            "times_url": links.times_url(view.slug, offering=one.id, zone=zone),
        }
        for one in offered
    ]


def price_label(offering: OfferingView, prices: Prices) -> str:
    """The price; "" where billing does not know it, which checkout will not pass over."""
    money = prices.get(offering.price_id)
    return labels.money_label(money) if money else ""


def policy_lines(offered: list[OfferingView]) -> list[str]:
    """The terms in words, once where all offerings share them, else by offering."""
    by_lines: dict[tuple[str, ...], list[str]] = {}
    for one in offered:
        by_lines.setdefault(tuple(terms(one.policy)), []).append(one.name)
    if len(by_lines) == 1:
        return list(next(iter(by_lines)))
    return [f"{', '.join(names)}: {' '.join(lines)}" for lines, names in by_lines.items()]


def chosen_offering(view: PractitionerView, choice: Choice, prices: Prices) -> Context:
    """What the slot picker shows times of."""
    return {
        "name": choice.offering.name,
        "minutes_label": labels.minutes_label(choice.offering.minutes),
        "price_label": price_label(choice.offering, prices),
        "format_label": format_fact(choice.format, view.city)["label"],
    }


def other_choices(
    view: PractitionerView, offered: list[OfferingView], choice: Choice, zone: str
) -> list[Context]:
    """Every offering in every format, with the way to its times."""
    return [
        {
            "label": _choice_label(one, view.city),
            "url": links.times_url(
                view.slug, offering=one.offering.id, format_=one.format, zone=zone
            ),
            "is_selected": (one.offering.id, one.format) == (choice.offering.id, choice.format),
        }
        for offering in offered
        for one in (Choice(offering, format_) for format_ in offering.formats)
    ]


def _choice_label(choice: Choice, city: str) -> str:
    label = f"{choice.offering.name}, {labels.minutes_label(choice.offering.minutes)}"
    if len(choice.offering.formats) == 1:
        return label
    return f"{label}, {labels.format_words(choice.format, city)}"
