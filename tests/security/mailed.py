"""Every mail that a practice's people get, as the task of notify delivers it, read whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from uuid import UUID

from sqlalchemy import func, select, text, update

from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.rpc.client import Caller
from services.notify.adapters.billing import SalesOfBilling
from services.notify.adapters.booking import Bookings
from services.notify.adapters.plans import Intakes
from services.notify.adapters.profiles import Contacts
from services.notify.adapters.smtp import SmtpPostbox
from services.notify.models import DueMessage, Notice
from services.notify.operations import delivery, notices
from services.notify.operations.desk import Desk
from tests.integration.mailbox.running import Mailbox
from tests.integration.notify.world import LETTERHEAD, eventually


@dataclass(frozen=True, slots=True)
class Post:
    """notify, and the mailbox that its mails go to."""

    notify: Database
    caller: Caller
    mailbox: Mailbox

    def deliver(self, practice_id: UUID, accounts: dict[UUID, int], messages: int) -> list[Mail]:
        """All that these accounts, so many notices each, and the practice's clients are told of by
        now, however long it would wait: as it lies in the mailbox."""
        assert eventually(lambda: self._noticed(accounts) == accounts)
        assert eventually(lambda: self._make_due(practice_id) == messages)
        desk = self._desk()
        while notices.deliver_due(desk) or delivery.deliver_due(desk):
            continue
        listed = self.mailbox.call("GET", "/messages")
        raw = (self.mailbox.get(f"/messages/{one['id']}/raw")[0] for one in listed)
        return [message_from_bytes(one) for one in raw]

    def _noticed(self, accounts: dict[UUID, int]) -> dict[UUID, int]:
        query = select(Notice.account_id, func.count()).where(Notice.account_id.in_(accounts))
        with self.notify.plumbing() as tx:
            return dict(tx.execute(query.group_by(Notice.account_id)).all())

    def _make_due(self, practice_id: UUID) -> int:
        its = update(DueMessage).where(DueMessage.practice_id == practice_id)
        due = its.values(due_at=func.now() - text("interval '1 second'"))
        with self.notify.transaction(service_actor("notify", practice_id, "test")) as tx:
            return len(tx.execute(due.returning(DueMessage.message_id)).all())

    def _desk(self) -> Desk:
        postbox = SmtpPostbox(f"smtp://127.0.0.1:{self.mailbox.smtp_port}")
        ways = Bookings(self.caller), Contacts(self.caller), Intakes(self.caller)
        sales = SalesOfBilling(self.caller)
        return Desk(self.notify, *ways, sales, postbox, LETTERHEAD, utc_now)


def whole(mail: Mail) -> str:
    """All of it that anybody can read: headers, every part as it was written, files included."""
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *_parts(mail)])


def _parts(mail: Mail) -> Iterator[str]:
    for part in mail.walk():
        yield from (f"{name}: {value}" for name, value in part.items())
        if isinstance(content := part.get_payload(decode=True), bytes):
            yield content.decode(errors="replace")
