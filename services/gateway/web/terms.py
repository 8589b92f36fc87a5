"""Cancellation policies in words."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.contracts.booking.offerings import PolicyTier, PolicyView
from services.gateway.web.labels import day_label, hours_label, time_label, zone_name

Moment = Callable[[int], str]
"""Hours before the start, as the words that follow "until"."""


NO_LONGER_FREE = "It begins so soon that it can no longer be cancelled free of charge."
NO_LONGER_MOVED = "It begins too soon to be moved to another time."


def terms(policy: PolicyView) -> list[str]:
    """The policy before a time is chosen, counted in hours."""
    return _lines(policy, lambda hours: f"{hours_label(hours)} before the session")


def terms_at(policy: PolicyView, starts_at: datetime, zone: ZoneInfo, now: datetime) -> list[str]:
    """What is still open of the policy, with its moments: "until Mon 23 Nov, 14:00 Berlin time"."""

    def is_open(hours: int) -> bool:
        return starts_at - timedelta(hours=hours) >= now

    def moment(hours: int) -> str:
        at = starts_at - timedelta(hours=hours)
        day = day_label(at, zone, now)
        day = day.lower() if day in ("Today", "Tomorrow") else day
        return f"{day}, {time_label(at, zone)} {zone_name(zone)}"

    still = [tier for tier in policy.tiers if is_open(tier.hours_before)]
    lines = _lines(policy.model_copy(update={"tiers": still}), moment)
    if _is_free_in(policy.tiers) and not _is_free_in(still):
        lines.insert(0, NO_LONGER_FREE)
    return lines if is_open(policy.reschedule_until_hours) else [*lines[:-1], NO_LONGER_MOVED]


def terms_on_account(policy: PolicyView) -> list[str]:
    """The policy of sessions that are paid by invoice: what is asked for instead of kept."""
    full = [tier.hours_before for tier in policy.tiers if tier.refund_percent == 100]
    partly = [tier for tier in policy.tiers if 0 < tier.refund_percent < 100]
    lines = [f"You can cancel a session free of charge until {_before(min(full))}."] if full else []
    lines += [
        f"If you cancel until {_before(tier.hours_before)}, "
        f"{share_words(100 - tier.refund_percent)} is invoiced."
        for tier in partly
    ]
    later = "Later than that, or if" if lines else "If you cancel, or if"
    lines.append(f"{later} you do not come, the full price is invoiced.")
    moved = _before(policy.reschedule_until_hours)
    return [*lines, f"You can move a session to another time until {moved}."]


def share_words(percent: int) -> str:
    """A share of the price: "the full price", "half of the price", "30% of the price"."""
    words = {100: "the full price", 50: "half of the price", 0: "nothing"}
    return words.get(percent, f"{percent}% of the price")


def _is_free_in(tiers: Sequence[PolicyTier]) -> bool:
    return any(tier.refund_percent == 100 for tier in tiers)


def _before(hours: int) -> str:
    return f"{hours_label(hours)} before it" if hours else "it begins"


def _lines(policy: PolicyView, until: Moment) -> list[str]:
    free = [tier.hours_before for tier in policy.tiers if tier.refund_percent == 100]
    partly = [tier for tier in policy.tiers if 0 < tier.refund_percent < 100]
    lines = [f"You can cancel free of charge until {_end(min(free), until)}."] if free else []
    lines += [_partly(tier, until, is_first=not free and tier is partly[0]) for tier in partly]
    if any(tier.hours_before == 0 and tier.refund_percent for tier in policy.tiers):
        lines.append(f"If you do not come, {_kept(policy.no_show_percent)}.")
    elif lines:
        lines.append("Later than that, or if you do not come, the full price is kept.")
    else:
        lines.append("If you cancel or do not come, the full price is kept.")
    moved = _end(policy.reschedule_until_hours, until)
    return [*lines, f"You can move the session to another time until {moved}."]


def _kept(no_show_percent: int) -> str:
    """What happens to the price of who does not come."""
    if no_show_percent == 0:
        return "the full price is kept"
    return f"{share_words(no_show_percent)} comes back"


def _partly(tier: PolicyTier, until: Moment, *, is_first: bool) -> str:
    begin = "When you cancel" if is_first else "After that,"
    share = share_words(tier.refund_percent)
    return f"{begin} until {_end(tier.hours_before, until)}, {share} comes back."


def _end(hours: int, until: Moment) -> str:
    return until(hours) if hours else "it begins"
