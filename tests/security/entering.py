"""An account, from registering to the link in its mail, and a payment, over the broker."""

from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import text

from deploy.local.stack import Stack
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.money import Money
from services.common.rpc.client import Caller
from services.contracts.base import PLATFORM
from services.contracts.billing import PaymentSucceeded
from services.contracts.booking.bookings import BookingView
from services.contracts.profiles.accounts import AccountView, LoginView, RegisterAccount
from services.contracts.profiles.registering import (
    ConfirmRegistration,
    IssuedMailView,
    IssueRegistrationMail,
)
from tests.integration.profiles.broker import EventSource

ASKED = text("SELECT id FROM profiles.registration_mails WHERE email = :email")


def open_account(
    register: RegisterAccount, caller: Callable[[str], Caller], profiles: Database
) -> None:
    """Register, have the mail delivered, and open its link in another browser."""
    link_key, guest = uuid4().hex * 2, Actor()
    gateway = caller("gateway")
    gateway.call("profiles", "register_account", register, guest, AccountView)
    with profiles.plumbing() as tx:
        (mail_id,) = tx.scalars(ASKED, {"email": register.email})
    issue = IssueRegistrationMail(mail_id=mail_id, link_key=link_key)
    notify = service_actor("notify", PLATFORM, "test")
    caller("notify").call("profiles", "issue_registration_mail", issue, notify, IssuedMailView)
    confirm = ConfirmRegistration(
        link_key=link_key,
        login_key=uuid4().hex * 2,
        password=register.password,
        address="192.0.2.7",
    )
    gateway.call("profiles", "confirm_registration", confirm, guest, LoginView)


def pay(stack: Stack, booking: BookingView) -> None:
    """The event by which billing tells that the money came."""
    with EventSource.of("billing", stack) as billing:
        billing.publish(
            PaymentSucceeded(
                occurred_at=utc_now(),
                practice_id=booking.practice_id,
                payment_id=uuid4(),
                booking_id=booking.id,
                money=Money(9500, "EUR"),
            )
        )
