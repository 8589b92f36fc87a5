"""Celery tasks of notify: what is due leaves each second; old links go."""

from typing import cast

from celery import shared_task

from services.common.clock import utc_now
from services.common.runtime import of_process
from services.notify.adapters.billing import SalesOfBilling
from services.notify.adapters.booking import Bookings
from services.notify.adapters.plans import Intakes
from services.notify.adapters.profiles import Contacts
from services.notify.adapters.smtp import SmtpPostbox
from services.notify.config import NotifyConfig
from services.notify.operations import delivery, links, notices
from services.notify.operations.desk import Desk
from services.notify.operations.letters import Letterhead

EVERY = {"notify.deliver_due": 1.0, "notify.forget_expired_links": 3600.0}


@shared_task(name="notify.deliver_due")  # type: ignore[untyped-decorator]
def deliver_due() -> None:
    """Send what is due: messages of bookings and packages, then notices to owners of accounts."""
    here = desk()
    delivery.deliver_due(here)
    notices.deliver_due(here)


@shared_task(name="notify.forget_expired_links")  # type: ignore[untyped-decorator]
def forget_expired_links() -> None:
    """Delete links past their time, and old notices."""
    now = utc_now()
    with of_process("notify").database.plumbing() as tx:
        links.forget_expired(tx, now=now)
        notices.forget_old(tx, now=now)


def desk() -> Desk:
    """What delivery works with in this process."""
    house = of_process("notify")
    settings = cast(NotifyConfig, house.settings)
    return Desk(
        database=house.database,
        bookings=Bookings(house.caller),
        contacts=Contacts(house.caller),
        intakes=Intakes(house.caller),
        sales=SalesOfBilling(house.caller),
        postbox=SmtpPostbox(settings.smtp_url, settings.mail_domain),
        letterhead=Letterhead(settings.public_url, settings.from_line, settings.mail_domain),
        clock=utc_now,
    )
