"""What a cancellation gives back, and until when a session may be moved.

Deadlines are elapsed hours before the start, so a DST night shifts the reading and not the
span. A deadline itself is still in time, as notice is: "until Mon 23 Nov 14:00" includes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.booking.domain.calendar import checked_aware

WHOLE = 100
MAX_HOURS = 24 * 90


class CancelledBy(StrEnum):
    """Whose decision it was; what the practice cancels is always given back whole."""

    CLIENT = "client"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Tier:
    """Cancelling at least `hours_before` the start gives back `refund_percent`."""

    hours_before: int
    refund_percent: int

    def __post_init__(self) -> None:
        """Refuse hours and percentages out of bounds."""
        _check_hours("hours_before", self.hours_before)
        _check_percent("refund_percent", self.refund_percent)


@dataclass(frozen=True, slots=True)
class CancellationPolicy:
    """One version of an offering's policy, copied to each booking when it is made.

    `tiers` go from the most hours to the fewest, with falling percentages; later than all of
    them `late_percent` is given back, to who does not come `no_show_percent`.
    """

    version: int
    tiers: tuple[Tier, ...]
    late_percent: int = 0
    no_show_percent: int = 0
    reschedule_hours: int = 24

    def __post_init__(self) -> None:
        """Refuse a policy under which waiting would pay, naming the field."""
        if self.version < 1:
            raise ValueError("version: must be at least 1")
        _check_percent("late_percent", self.late_percent)
        _check_percent("no_show_percent", self.no_show_percent)
        _check_hours("reschedule_hours", self.reschedule_hours)
        for earlier, later in zip(self.tiers, self.tiers[1:], strict=False):
            if later.hours_before >= earlier.hours_before:
                raise ValueError("tiers: hours_before must fall from tier to tier")
            if later.refund_percent > earlier.refund_percent:
                raise ValueError("tiers: refund_percent must not rise from tier to tier")
        if self.tiers and self.late_percent > self.tiers[-1].refund_percent:
            raise ValueError("late_percent: must not exceed the last tier's refund_percent")
        if self.no_show_percent > self.late_percent:
            raise ValueError("no_show_percent: must not exceed late_percent")

    @property
    def terms(self) -> dict[str, Any]:
        """What a booking keeps of it: plain JSON, `tiers` as `[hours_before, refund_percent]`."""
        return {
            "version": self.version,
            "tiers": [[tier.hours_before, tier.refund_percent] for tier in self.tiers],
            "late_percent": self.late_percent,
            "no_show_percent": self.no_show_percent,
            "reschedule_hours": self.reschedule_hours,
        }


def policy_of(terms: Mapping[str, Any]) -> CancellationPolicy:
    """The policy whose terms are kept as plain JSON, as in `CancellationPolicy.terms`."""
    return CancellationPolicy(
        version=terms["version"],
        tiers=tuple(Tier(hours, percent) for hours, percent in terms["tiers"]),
        late_percent=terms["late_percent"],
        no_show_percent=terms["no_show_percent"],
        reschedule_hours=terms["reschedule_hours"],
    )


def refund_percent(
    policy: CancellationPolicy,
    starts_at: datetime,
    now: datetime,
    *,
    cancelled_by: CancelledBy = CancelledBy.CLIENT,
) -> int:
    """Return the percentage (0 to 100) of the price given back when cancelled at `now`."""
    if cancelled_by is CancelledBy.PRACTICE:
        return WHOLE
    checked_aware(now, "now")
    in_time = (tier for tier in policy.tiers if now <= _before(starts_at, tier.hours_before))
    return next((tier.refund_percent for tier in in_time), policy.late_percent)


def under_ceiling(policy: CancellationPolicy, ceiling: int | None) -> CancellationPolicy:
    """Return the policy with no share above `ceiling` percent; None leaves it as it is.

    Of tiers that then give the same, the one that lasts longest stays.
    """
    if ceiling is None or ceiling >= WHOLE:
        return policy
    cut = [replace(t, refund_percent=min(ceiling, t.refund_percent)) for t in policy.tiers]
    late = min(ceiling, policy.late_percent)
    following = [*(tier.refund_percent for tier in cut[1:]), late]
    return replace(
        policy,
        tiers=tuple(
            t for t, next_ in zip(cut, following, strict=False) if t.refund_percent > next_
        ),
        late_percent=late,
        no_show_percent=min(ceiling, policy.no_show_percent),
    )


def ceiling_after_move(
    policy: CancellationPolicy, starts_at: datetime, now: datetime, ceiling: int | None
) -> int:
    """Return the percentage that a client who moves the session at `now` keeps at most.

    It is what cancelling instead would have given, counted from the start that is given up, so
    that moving a session ahead brings no lapsed share back.
    """
    return refund_percent(under_ceiling(policy, ceiling), starts_at, now)


def refund_holds_until(policy: CancellationPolicy, starts_at: datetime, now: datetime) -> datetime:
    """Return the last instant (UTC) at which as much is given back as at `now`."""
    percent = refund_percent(policy, starts_at, now)
    if percent == policy.late_percent:
        return _before(starts_at, 0)
    return _before(
        starts_at,
        min(tier.hours_before for tier in policy.tiers if tier.refund_percent == percent),
    )


def is_late(policy: CancellationPolicy, starts_at: datetime, now: datetime) -> bool:
    """Tell whether a client who cancels at `now` gets less than the whole price back."""
    return refund_percent(policy, starts_at, now) < WHOLE


def free_until(policy: CancellationPolicy, starts_at: datetime) -> datetime | None:
    """Return the last instant (UTC) at which cancelling is free; None if it never is.

    A policy that gives everything back even late is free until the start.
    """
    if policy.late_percent == WHOLE:
        return _before(starts_at, 0)
    free = [tier.hours_before for tier in policy.tiers if tier.refund_percent == WHOLE]
    return _before(starts_at, min(free)) if free else None


def reschedule_until(policy: CancellationPolicy, starts_at: datetime) -> datetime:
    """Return the last instant (UTC) at which a client may move the session."""
    return _before(starts_at, policy.reschedule_hours)


def may_reschedule(policy: CancellationPolicy, starts_at: datetime, now: datetime) -> bool:
    """Tell whether a client may still move the session at `now`."""
    return checked_aware(now, "now") <= reschedule_until(policy, starts_at)


def _before(starts_at: datetime, hours: int) -> datetime:
    # In UTC, because subtracting from a local datetime would count hours on the wall clock.
    return checked_aware(starts_at, "starts_at").astimezone(UTC) - timedelta(hours=hours)


def _check_hours(field: str, hours: int) -> None:
    if not 0 <= hours <= MAX_HOURS:
        raise ValueError(f"{field}: must be 0 to {MAX_HOURS}")


def _check_percent(field: str, percent: int) -> None:
    if not 0 <= percent <= WHOLE:
        raise ValueError(f"{field}: must be 0 to {WHOLE}")
