"""What a message is about, for whom, and how far it has come."""

from enum import StrEnum


class Template(StrEnum):
    """What a message says; each has an HTML and a text file."""

    CONFIRMED = "confirmed"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    REFUSED = "refused"
    PAYMENT_ASKED = "payment_asked"
    REMINDER_DAY = "reminder_day"
    REMINDER_HOUR = "reminder_hour"
    INTAKE_REMINDER = "intake_reminder"

    @property
    def is_reminder(self) -> bool:
        return self in REMINDERS


REMINDERS = frozenset({Template.REMINDER_DAY, Template.REMINDER_HOUR, Template.INTAKE_REMINDER})


class PackageMail(StrEnum):
    """What a message about a package says; each has an HTML and a text file."""

    BOUGHT = "package_bought"
    LAPSES = "package_lapses"
    ENDED = "package_ended"


OF_PACKAGES = frozenset(str(one) for one in PackageMail)


class NoticeKind(StrEnum):
    """What is told to the owner of an account's address; each has an HTML and a text file."""

    WELCOME = "welcome"
    HAS_ACCOUNT = "has_account"
    ALERT = "alert"
    DATES = "dates"
    PROPOSAL = "proposal"


class Recipient(StrEnum):
    """Who reads it; the address is asked at delivery."""

    CLIENT = "client"
    PRACTITIONER = "practitioner"


class MessageState(StrEnum):
    """pending → sending → sent, or failed (waits for another try), cancelled, parked."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PARKED = "parked"


WAITING = (MessageState.PENDING, MessageState.FAILED)
UNTOLD = (*WAITING, MessageState.CANCELLED, MessageState.PARKED)
# A parked message is open again as soon as a person has it replayed.
OPEN = (*WAITING, MessageState.SENDING, MessageState.PARKED)
