"""What is due leaves: claim, ask how things stand, write down the intent, send, write down that.

A worker killed between sending and writing that down leaves one second copy with the same
Message-ID; killed anywhere else it leaves none. No transaction is open during a foreign call.
"""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

from services.common import context
from services.common.auth import service_actor
from services.common.errors import Busy, NotFound
from services.common.logging import describe, get_logger
from services.common.money import Money
from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.profiles.clients import ContactView
from services.notify.adapters.smtp import Undelivered, Unreachable
from services.notify.domain import retries
from services.notify.domain.kinds import OF_PACKAGES, OPEN, MessageState, Recipient, Template
from services.notify.models import Message
from services.notify.operations import mail, package_mail, records, together
from services.notify.operations.desk import Desk, Job
from services.notify.operations.letters import Occasion
from services.notify.operations.package_letters import PackageOccasion
from services.notify.queries import due, messages

log = get_logger(__name__)
WORK = timedelta(seconds=8)
OUTAGE_WAIT = timedelta(seconds=5)
# Booking, profiles, the database or the mail server is away: no message is to blame.
OUTAGES = (Busy, Unreachable)


class NobodyToTell(Exception):
    """There is no contact to whom a message has to go."""


@dataclass(frozen=True, slots=True)
class Known:
    """How a booking stands, whom to tell, the others that are told of with it and whether they were
    added by themselves, and whether something is asked of the client before it."""

    booking: BookingView
    contact: ContactView
    others: tuple[BookingView, ...]
    is_added: bool
    is_intake_due: bool

    @property
    def with_links(self) -> tuple[BookingView, ...]:
        """What is given up needs no link to change it."""
        return tuple(one for one in self.others if one.state is BookingState.CONFIRMED)


def deliver_due(desk: Desk, limit: int = due.BATCH) -> int:
    """Send what is due, for at most 8 s, and give the rest back; how many were dealt with."""
    lease = uuid4()
    with desk.database.plumbing() as tx:
        claimed = due.claim(tx, lease, limit)
    jobs = [_job(it.message_id, it.practice_id, lease) for it in claimed]
    try:
        return _work_through(desk, jobs)
    finally:
        desk.postbox.close()


def _job(message_id: UUID, practice_id: UUID, lease: UUID) -> Job:
    actor = service_actor("notify", practice_id, f"due:{message_id}")
    return Job(message_id, practice_id, lease, actor)


def _work_through(desk: Desk, jobs: list[Job]) -> int:
    until = desk.clock() + WORK
    for done, job in enumerate(jobs):
        if desk.clock() >= until:
            _give_back(desk, jobs[done:], timedelta(0))
            return done
        try:
            _deliver(desk, job)
        except OUTAGES as outage:
            log.warning("delivery waits", error=describe(outage))
            # The one that met the outage comes last, should it be the cause itself.
            _give_back(desk, [job], OUTAGE_WAIT * 2)
            _give_back(desk, jobs[done + 1 :], OUTAGE_WAIT)
            return done
    return len(jobs)


def _give_back(desk: Desk, jobs: list[Job], wait: timedelta) -> None:
    if jobs:
        with desk.database.plumbing() as tx:
            due.give_back(tx, [job.message_id for job in jobs], jobs[0].lease, wait)


def _deliver(desk: Desk, job: Job) -> None:
    message = _loaded(desk, job)
    if message is None or message.state not in OPEN:
        with desk.database.plumbing() as tx:
            due.forget(tx, [job.message_id])
        return
    with context.request(message.request_id):
        _try(desk, job, message)


def _loaded(desk: Desk, job: Job) -> Message | None:
    """The message; a parked one that is due again was replayed, and gets all its tries anew."""
    with desk.database.transaction(job.actor) as tx:
        message = messages.load(tx, job.practice_id, [job.message_id]).get(job.message_id)
        if message is not None and message.state == MessageState.PARKED:
            records.reopen(tx, message)
    return message


def _try(desk: Desk, job: Job, message: Message) -> None:
    """One try, whatever comes of it written down; outages are the caller's."""
    try:
        outcome = _attempt(desk, job, message)
        log.info("message dealt with", message_id=str(message.id), outcome=outcome)
    except OUTAGES:
        raise
    except Undelivered as flaw:
        outcome = "refused" if flaw.code else "unclear"
        _record_failure(desk, job, message, outcome, code=flaw.code, is_final=flaw.is_final)
    except mail.BadAddress:
        _record_failure(desk, job, message, "bad address", is_final=True)
    except NobodyToTell:
        _record_failure(desk, job, message, "no contact")
    except Exception as flaw:
        log.warning("a message failed", message_id=str(message.id), exc_info=True)
        _record_failure(desk, job, message, describe(flaw))


def _attempt(desk: Desk, job: Job, message: Message) -> str:
    """The outcome; raises what stands in the way."""
    if retries.is_last(message.tries):
        raise Undelivered
    is_package = message.template in OF_PACKAGES
    known = (package_mail.known if is_package else _known)(desk, job, message)
    if known is None:
        with desk.database.transaction(job.actor) as tx:
            records.cancel(tx, job.practice_id, job.message_id)
        return "cancelled"
    desk.postbox.open()
    begun = _begun(desk, job, message, known)
    if begun is None:
        return "taken by another"
    desk.postbox.send(*begun)
    with desk.database.transaction(job.actor) as tx:
        records.sent(tx, job.practice_id, job.message_id, now=desk.clock())
    return "sent"


def _begun(
    desk: Desk, job: Job, message: Message, known: Known | PackageOccasion
) -> tuple[EmailMessage, str] | None:
    """The mail and where it goes, once it is written down that it leaves; None where another
    worker has it."""
    if isinstance(known, PackageOccasion):
        return package_mail.begun(desk, job, message, known)
    with desk.database.transaction(job.actor) as tx:
        intent = records.begin(
            tx, job.practice_id, job.message_id, job.lease, known.booking, known.with_links
        )
    if intent is None:
        return None
    occasion = _occasion(message, known, intent, desk)
    envelope = mail.Envelope(message.id, intent.sequence, message.request_id)
    return mail.compose(occasion, envelope, desk.letterhead), mail.address_of(occasion)


def _known(desk: Desk, job: Job, message: Message) -> Known | None:
    """How the booking stands and whom to tell; None where there is nothing to say or nobody.

    Raises NobodyToTell for what is told at once: who is just booked was not erased, and has to
    know.
    """
    template = Template(message.template)
    try:
        told = together.told_by(message, desk.bookings, job.actor, desk.clock())
    except NotFound:
        return None
    if told is None:
        return None
    booking = told.booking
    is_intake_due = _is_intake_due(desk, job, message, booking)
    if template is Template.INTAKE_REMINDER and not is_intake_due:
        return None
    try:
        contact = desk.contacts.get(
            booking.client_id,
            booking.practitioner_id,
            job.actor,
            is_for_practitioner=message.recipient == Recipient.PRACTITIONER,
        )
    except NotFound:
        if template in (Template.CONFIRMED, Template.PAYMENT_ASKED):
            raise NobodyToTell from None
        return None
    return Known(booking, contact, told.others, told.is_added, is_intake_due)


def _is_intake_due(desk: Desk, job: Job, message: Message, booking: BookingView) -> bool:
    """Whether to speak of what is asked before a first session: in the confirmation, which does
    not wait for plans, and once in a mail of its own."""
    template = Template(message.template)
    is_reminder = template is Template.INTAKE_REMINDER
    if message.recipient != Recipient.CLIENT or not (is_reminder or template is Template.CONFIRMED):
        return False
    if is_reminder and _was_reminded(desk, job, booking.client_id):
        return False
    try:
        return desk.intakes.is_due(booking.client_id, job.actor)
    except Busy:
        if is_reminder:
            raise
        return False


def _was_reminded(desk: Desk, job: Job, client_id: UUID) -> bool:
    with desk.database.transaction(job.actor) as tx:
        return messages.was_reminded_of_intake(tx, job.practice_id, client_id)


def _occasion(message: Message, known: Known, intent: records.Intent, desk: Desk) -> Occasion:
    has_money = message.amount is not None and message.currency is not None
    is_its_own = known.booking.id == message.booking_id
    previous = intent.previous_starts_at if is_its_own else None
    return Occasion(
        Template(message.template),
        Recipient(message.recipient),
        known.booking,
        known.contact,
        now=desk.clock(),
        token=intent.token,
        others=known.others,
        other_tokens=intent.course_tokens,
        is_added=known.is_added,
        is_intake_due=known.is_intake_due,
        previous_starts_at=previous,
        refund_percent=message.refund_percent,
        money=Money(message.amount or 0, message.currency or "") if has_money else None,
    )


def _record_failure(
    desk: Desk,
    job: Job,
    message: Message,
    outcome: str,
    *,
    code: int = 0,
    is_final: bool = False,
) -> None:
    tries = message.tries + 1
    try_ = records.Try(tries, outcome, code or None, is_final or retries.is_last(tries))
    with desk.database.transaction(job.actor) as tx:
        records.failed(
            tx, job.practice_id, job.message_id, lease=job.lease, try_=try_, now=desk.clock()
        )
