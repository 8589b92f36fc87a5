"""When work that failed is tried again, and when a person has to look at it."""

from datetime import timedelta

LONGEST_WAIT = timedelta(minutes=5)
REFUSALS_UNTIL_PARKED = 5
#: At the longest wait about three days: as long as Stripe itself repeats a webhook.
FAILURES_UNTIL_PARKED = 870


def wait_before_retry(tries: int, *, is_refused: bool) -> timedelta | None:
    """The wait after `tries` failures; None where the work is to be parked.

    Silence passes with time: 1, 2, 4 … s up to 5 minutes. A refusal rarely does: 1, 4, 16 … s.
    """
    if tries >= (REFUSALS_UNTIL_PARKED if is_refused else FAILURES_UNTIL_PARKED):
        return None
    base = 4 if is_refused else 2
    return min(timedelta(seconds=base ** min(tries - 1, 12)), LONGEST_WAIT)
