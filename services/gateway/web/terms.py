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


def terms_at(
    policy: PolicyView,
    starts_at: datetime,
    zone: ZoneInfo,
    now: datetime,
    *,
    is_on_account: bool = False,
) -> list[str]:
    """What is still open of the policy, with its moments: "until Mon 23 Nov, 14:00 Berlin time".

    Of a session on account nothing was paid that could come back: what is invoiced is told.
    """

    def is_open(hours: int) -> bool:
        return starts_at - timedelta(hours=hours) >= now

    def moment(hours: int) -> str:
        at = starts_at - timedelta(hours=hours)
        day = day_label(at, zone, now)
        day = day.lower() if day in ("Today", "Tomorrow") else day
        return f"{day}, {time_label(at, zone)} {zone_name(zone)}"

    still = [tier for tier in policy.tiers if is_open(tier.hours_before)]
    open_ = policy.model_copy(update={"tiers": still})
    lines = _lines(open_, moment, is_on_account=is_on_account)
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


def _lines(policy: PolicyView, until: Moment, *, is_on_account: bool = False) -> list[str]:
    free = [tier.hours_before for tier in policy.tiers if tier.refund_percent == 100]
    partly = [tier for tier in policy.tiers if 0 < tier.refund_percent < 100]
    lines = [f"You can cancel free of charge until {_end(min(free), until)}."] if free else []
    for tier in partly:
        begin = "When you cancel" if not free and tier is partly[0] else "After that,"
        share = _share(tier.refund_percent, is_on_account=is_on_account)
        lines.append(f"{begin} until {_end(tier.hours_before, until)}, {share}.")
    whole = _share(0, is_on_account=is_on_account)
    if any(tier.hours_before == 0 and tier.refund_percent for tier in policy.tiers):
        missed = _share(policy.no_show_percent, is_on_account=is_on_account)
        lines.append(f"If you do not come, {missed}.")
    elif lines:
        lines.append(f"Later than that, or if you do not come, {whole}.")
    else:
        lines.append(f"If you cancel or do not come, {whole}.")
    moved = _end(policy.reschedule_until_hours, until)
    return [*lines, f"You can move the session to another time until {moved}."]


def _share(refund_percent: int, *, is_on_account: bool) -> str:
    """What becomes of the price where so much of it is let off."""
    if is_on_account:
        return f"{share_words(100 - refund_percent)} is invoiced"
    return (
        f"{share_words(refund_percent)} comes back" if refund_percent else "the full price is kept"
    )


def _end(hours: int, until: Moment) -> str:
    return until(hours) if hours else "it begins"
