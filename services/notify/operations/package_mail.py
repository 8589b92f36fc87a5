"""A mail about a package: how the sale stands is asked at delivery, and whom to tell."""

from email.message import EmailMessage

from services.common.errors import NotFound
from services.notify.domain.kinds import PackageMail
from services.notify.domain.verdict import package_holds
from services.notify.models import Message
from services.notify.operations import mail, records
from services.notify.operations.desk import Desk, Job
from services.notify.operations.package_letters import PackageOccasion, write_of_package


def known(desk: Desk, job: Job, message: Message) -> PackageOccasion | None:
    """What there is to tell; None where it does not hold any more, or nobody is there to hear."""
    template = PackageMail(message.template)
    try:
        sale = desk.sales.get(message.booking_id, job.actor)
        if not package_holds(template, sale):
            return None
        contact = desk.contacts.get(sale.client_id, sale.practitioner_id, job.actor)
    except NotFound:
        return None
    return PackageOccasion(template, sale, contact)


def begun(
    desk: Desk, job: Job, message: Message, occasion: PackageOccasion
) -> tuple[EmailMessage, str] | None:
    """The mail and where it goes, once it is written down that it leaves; None where another
    worker has it. Raises BadAddress."""
    with desk.database.transaction(job.actor) as tx:
        if records.take(tx, job.practice_id, job.message_id, job.lease) is None:
            return None
    address = mail.checked(occasion.contact.email)
    letter = write_of_package(occasion, desk.letterhead)
    envelope = mail.Envelope(message.id, 0, message.request_id)
    composed = mail.compose_plain(letter, address, envelope, desk.letterhead, now=desk.clock())
    composed["Reply-To"] = mail.checked(occasion.contact.practice_email)
    return composed, address
