"""What may stand against a booking, a change, or hours."""

from services.common.errors import Refusal


class TooManyHolds(Refusal):
    """As many seats are held unpaid, or were booked in a day, as one person or address may.

    `detail["retry_after"]` is in seconds.
    """


class SlotTaken(Refusal):
    """The start is no longer free. `detail["nearest"]`: up to 3 starts, RFC 3339, by comma."""


class NotBookable(Refusal):
    """The start breaks a rule of the offering; `detail["starts_at"]` says which."""


class PriceChanged(Refusal):
    """The price that was shown is no longer asked; `detail["price_id"]` is today's."""


class HoldExpired(Refusal):
    """The hold's deadline has passed; choose a time again."""


class AlreadyExtended(Refusal):
    """A hold is extended once."""


class NotCancellable(Refusal):
    """The booking is over, or already given back."""


class NotReschedulable(Refusal):
    """The booking is not confirmed, or the policy's limit for moving it has passed.

    `detail["format"]`, where the session is no longer offered in the booking's format.
    """


class AttendanceNotDue(Refusal):
    """The session has not begun yet, or was given back."""


class TermsChanged(Refusal):
    """The refund is no longer what was shown; `detail["refund_percent"]` is today's."""


class SeriesChanged(Refusal):
    """A session was moved, given back or added since the dates were shown; nothing was moved."""


class SeriesBroken(Refusal):
    """The move breaks a course's order or spacing, and who asked has not said yes to it."""


class ScheduleChanged(Refusal):
    """The same hours were changed meanwhile; nothing was saved.

    `detail["version"]` is today's; the other keys are what changed (`weekly.2` for Tuesday, `on`,
    `time_off_id`), with how it stands and how it was.
    """


class SessionsTouched(Refusal):
    """Time off, or a closed date, has bookings its author has not seen; `detail["count"]`."""


class ClientElsewhere(Refusal):
    """The client has another session of this practice at that time."""
