"""What a mail says before it is opened: never who, what for or where (a lock screen shows it)."""

from services.notify.domain.kinds import NoticeKind, PackageMail, Recipient, Template

APPOINTMENT = "Appointment"

_CLIENT = {
    Template.CONFIRMED: "Your appointment is confirmed",
    Template.RESCHEDULED: "Your appointment has moved",
    Template.CANCELLED: "Your appointment is cancelled",
    Template.REFUNDED: "Your refund is on its way",
    Template.REFUSED: "Your appointment is not booked",
    Template.PAYMENT_ASKED: "An appointment is held for you",
    Template.REMINDER_DAY: "Your upcoming appointment",
    Template.REMINDER_HOUR: "Your appointment starts soon",
    Template.INTAKE_REMINDER: "Before your appointment",
}
_PRACTITIONER = {
    Template.CONFIRMED: "An appointment is confirmed",
    Template.RESCHEDULED: "An appointment has moved",
    Template.CANCELLED: "An appointment is cancelled",
}
_PACKAGES = {
    PackageMail.BOUGHT: "Your payment has arrived",
    PackageMail.LAPSES: "Something you bought ends soon",
    PackageMail.ENDED: "Something you bought has ended",
}
_NOTICES = {
    NoticeKind.WELCOME: "Finish your Attune account",
    NoticeKind.HAS_ACCOUNT: "You have an Attune account already",
    NoticeKind.ALERT: "Something in Attune needs your look today",
    NoticeKind.DATES: "New dates wait for your answer",
    NoticeKind.PROPOSAL: "Something waits for your answer",
}


def subject_of_notice(kind: NoticeKind) -> str:
    """The subject line of a notice."""
    return _NOTICES[kind]


def subject_of_package(template: PackageMail) -> str:
    """The subject line of a mail about a package."""
    return _PACKAGES[template]


def subject_of(template: Template, recipient: Recipient) -> str:
    """The subject line, the same for everybody."""
    return (_CLIENT if recipient is Recipient.CLIENT else _PRACTITIONER)[template]
