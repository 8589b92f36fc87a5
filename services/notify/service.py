"""The nameko class of notify."""

from datetime import timedelta

from sqlalchemy.orm import Session

from services.common import context
from services.common.clock import utc_now
from services.common.events import handles
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.common.service import Service
from services.contracts.billing import RefundMade
from services.contracts.billing.package_mails import PackageBought, PackageEnded
from services.contracts.booking.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingRefused,
    BookingRescheduled,
    PaymentAsked,
)
from services.contracts.notify import LinksRevoked, LinkView, ResolveLink, RevokeLinks
from services.contracts.plans.events import DatesProposed, PlanProposed
from services.contracts.plans.measures import AlertRaised
from services.contracts.profiles.registering import RegistrationMailAsked
from services.notify.config import NotifyConfig
from services.notify.domain.drafts import Fact, Offsets
from services.notify.domain.kinds import Template
from services.notify.operations import facts, links, notices


class NotifyService(Service):
    """Takes facts in as messages, and says whom a mail's link stands for."""

    name = "notify"

    @handles(BookingConfirmed)
    def on_booking_confirmed(self, tx: Session, event: BookingConfirmed) -> None:
        """Confirmation, notice and reminders."""
        self._take_in(tx, event)

    @handles(BookingRescheduled)
    def on_booking_rescheduled(self, tx: Session, event: BookingRescheduled) -> None:
        """The new time, and reminders that move with it."""
        self._take_in(tx, event)

    @handles(BookingCancelled)
    def on_booking_cancelled(self, tx: Session, event: BookingCancelled) -> None:
        """The end of it, and of its reminders."""
        self._take_in(tx, event)

    @handles(BookingRefused)
    def on_booking_refused(self, tx: Session, event: BookingRefused) -> None:
        """A payment came too late; all of it goes back."""
        self._take_in(tx, event)

    @handles(PaymentAsked)
    def on_payment_asked(self, tx: Session, event: PaymentAsked) -> None:
        """The link by which it is paid."""
        self._take_in(tx, event)

    @handles(RefundMade)
    def on_refund_made(self, tx: Session, event: RefundMade) -> None:
        """How much goes back."""
        self._take_in(tx, event)

    @handles(PackageBought)
    def on_package_bought(self, tx: Session, event: PackageBought) -> None:
        """What was bought, and a word before it lapses."""
        facts.take_in_package(tx, event, event_id=context.event_id(), now=utc_now())

    @handles(PackageEnded)
    def on_package_ended(self, tx: Session, event: PackageEnded) -> None:
        """What goes back, and what does not."""
        facts.take_in_package(tx, event, event_id=context.event_id(), now=utc_now())

    @handles(RegistrationMailAsked)
    def on_registration_mail_asked(self, tx: Session, event: RegistrationMailAsked) -> None:
        """A mail to the owner of the address."""
        notices.take_in(tx, event, now=utc_now())

    @handles(AlertRaised)
    def on_alert_raised(self, tx: Session, event: AlertRaised) -> None:
        """A mail to the practitioner, which says only that something needs their look."""
        notices.take_in_alert(tx, event, now=utc_now())

    @handles(DatesProposed)
    def on_dates_proposed(self, tx: Session, event: DatesProposed) -> None:
        """A mail to the client, which says only that dates wait for them."""
        notices.take_in_dates(tx, event, now=utc_now())

    @handles(PlanProposed)
    def on_plan_proposed(self, tx: Session, event: PlanProposed) -> None:
        """A mail to the client, which says only that something waits for them."""
        notices.take_in_proposal(tx, event, now=utc_now())

    @rpc(by={"gateway"})
    def resolve_link(self, call: Call, command: ResolveLink) -> LinkView:
        """Whom a mail's link stands for."""
        with self.db.plumbing() as tx:
            return links.resolve_link(tx, command, now=utc_now())

    @rpc(by={"gateway"})
    def revoke_links(self, call: Call, command: RevokeLinks) -> LinksRevoked:
        """End every link of a booking."""
        with self.db.transaction(call.actor) as tx:
            return links.revoke_links(tx, command, actor=call.actor)

    def _take_in(self, tx: Session, fact: Fact) -> None:
        offsets = _offsets(self.runtime.settings)
        facts.take_in(tx, fact, event_id=context.event_id(), offsets=offsets, now=utc_now())


def _offsets(settings: object) -> Offsets:
    if not isinstance(settings, NotifyConfig):
        raise TypeError("notify runs with NotifyConfig")
    return {
        Template.REMINDER_DAY: timedelta(minutes=settings.day_reminder_minutes),
        Template.REMINDER_HOUR: timedelta(minutes=settings.hour_reminder_minutes),
        Template.INTAKE_REMINDER: timedelta(minutes=settings.intake_reminder_minutes),
    }
