"""Mails to the owner of an account's address: no booking, no practice, no name in them.

That something needs a practitioner's look says neither what nor whose, that dates wait neither
which nor with whom, and that a proposal waits nothing of it.

What somebody typed when registering is not repeated: they could write to a stranger by it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.common import context
from services.common.auth import Actor, service_actor
from services.common.crypto import new_token, token_key
from services.common.errors import NotFound
from services.common.logging import describe, get_logger
from services.contracts.base import PLATFORM
from services.contracts.plans.events import DatesProposed, PlanProposed
from services.contracts.plans.measures import AlertRaised
from services.contracts.profiles.registering import RegistrationMailAsked
from services.notify.adapters.smtp import Undelivered
from services.notify.domain import retries
from services.notify.domain.kinds import NoticeKind
from services.notify.models import Notice
from services.notify.operations import mail
from services.notify.operations.delivery import OUTAGE_WAIT, OUTAGES, WORK
from services.notify.operations.desk import Desk
from services.notify.operations.letters import write_notice
from services.notify.queries import notices

log = get_logger(__name__)
BATCH = 50
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A notice as it leaves; `token` opens the link that confirms a registration."""

    address: str
    kind: NoticeKind
    token: str = ""


def take_in(tx: Session, fact: RegistrationMailAsked, *, now: datetime) -> None:
    """One notice for each mail; how many an address gets in a day is bounded by profiles."""
    _insert(tx, fact.mail_id, NoticeKind.WELCOME, now, fact_id=fact.mail_id)


def take_in_alert(tx: Session, fact: AlertRaised, *, now: datetime) -> None:
    """One notice for each alert."""
    _insert(tx, fact.practitioner_account_id, NoticeKind.ALERT, now, fact_id=fact.alert_id)


def take_in_dates(tx: Session, fact: DatesProposed, *, now: datetime) -> None:
    """One notice for each choice of dates."""
    _insert(tx, fact.account_id, NoticeKind.DATES, now, fact_id=fact.course_id)


def take_in_proposal(tx: Session, fact: PlanProposed, *, now: datetime) -> None:
    """One notice a day for each version, however often it is taken back and proposed anew."""
    _insert(tx, fact.account_id, NoticeKind.PROPOSAL, now, fact_id=fact.version_id)


def deliver_due(desk: Desk, limit: int = BATCH) -> int:
    """Send what is due, for at most 8 s; how many left.

    An outage, and the end of the time, leave the rest to their leases' end, with no try counted.
    """
    lease, sent, until = uuid4(), 0, desk.clock() + WORK
    with desk.database.plumbing() as tx:
        claimed = notices.claim(tx, lease, limit)
    try:
        for notice in claimed:
            if desk.clock() >= until:
                break
            with context.request(notice.request_id):
                sent += _deliver(desk, notice)
    except OUTAGES as outage:
        log.warning("notices wait", error=describe(outage))
    finally:
        desk.postbox.close()
    return sent


def forget_old(tx: Session, *, now: datetime) -> None:
    """Sent or given up, they go after a week."""
    notices.forget_made_before(tx, (now - KEPT).astimezone(UTC).date())


def _insert(
    tx: Session, account_id: UUID, kind: NoticeKind, now: datetime, *, fact_id: UUID | None
) -> None:
    values: dict[str, object] = {
        "id": uuid7(),
        "account_id": account_id,
        "kind": kind,
        "made_on": now.astimezone(UTC).date(),
        "fact_id": fact_id,
        "request_id": context.request_id() or context.new_request_id(),
    }
    notices.insert_new(tx, values)


def _deliver(desk: Desk, notice: Notice) -> bool:
    """Whether it left; raises outages, after the notice was given back."""
    if not _begun(desk, notice):
        return False
    try:
        sheet = _sheet(desk, notice)
        if sheet is None:
            return False
        desk.postbox.open()
        desk.postbox.send(_compose(desk, notice, sheet), sheet.address)
    except OUTAGES:
        # No message is to blame: this try does not count.
        _settle(desk, notice, tries=notice.tries - 1, wait=OUTAGE_WAIT)
        raise
    except (Undelivered, mail.BadAddress) as flaw:
        _failed(desk, notice, is_final=isinstance(flaw, mail.BadAddress) or flaw.is_final)
        return False
    except Exception:
        log.warning("a notice failed", notice_id=str(notice.id), exc_info=True)
        _failed(desk, notice, is_final=False)
        return False
    _settle(desk, notice, sent_at=desk.clock())
    log.info("notice sent", notice_id=str(notice.id))
    return True


def _begun(desk: Desk, notice: Notice) -> bool:
    """Whether it is still ours to send; counted before sending, or one that kills the worker
    would be tried for ever."""
    with desk.database.plumbing() as tx:
        tries = notices.begin(tx, notice.id, notice.lease or uuid4())
    notice.tries = tries or notice.tries
    return tries is not None


def _sheet(desk: Desk, notice: Notice) -> Sheet | None:
    """Whom to tell what, asked at delivery, so that who was erased gets nothing."""
    actor = service_actor("notify", PLATFORM, f"notice:{notice.id}")
    try:
        return _asked(desk, notice, actor)
    except NotFound:
        with desk.database.plumbing() as tx:
            notices.forget(tx, notice.id)
        return None


def _asked(desk: Desk, notice: Notice, actor: Actor) -> Sheet:
    """Raises NotFound where there is nobody to tell, BadAddress."""
    if notice.kind != NoticeKind.WELCOME:
        address = desk.contacts.address_of(notice.account_id, actor)
        return Sheet(mail.checked(address), NoticeKind(notice.kind))
    token = new_token()
    issued = desk.contacts.issue_registration_mail(notice.account_id, token_key(token), actor)
    kind = NoticeKind.HAS_ACCOUNT if issued.has_account else NoticeKind.WELCOME
    return Sheet(mail.checked(issued.email), kind, "" if issued.has_account else token)


def _compose(desk: Desk, notice: Notice, sheet: Sheet) -> EmailMessage:
    letter = write_notice(sheet.kind, desk.letterhead, sheet.token)
    envelope = mail.Envelope(notice.id, 0, notice.request_id)
    return mail.compose_plain(letter, sheet.address, envelope, desk.letterhead, now=desk.clock())


def _failed(desk: Desk, notice: Notice, *, is_final: bool) -> None:
    if is_final or retries.is_last(notice.tries):
        log.warning("a notice is parked", notice_id=str(notice.id))
        _settle(desk, notice, parked_at=desk.clock())
    else:
        _settle(desk, notice, wait=retries.wait_after(notice.tries))


def _settle(desk: Desk, notice: Notice, **values: object) -> None:
    with desk.database.plumbing() as tx:
        notices.settle(tx, notice.id, notice.lease or uuid4(), **values)
