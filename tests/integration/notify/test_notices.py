"""Mails to the owner of an address, registered or of an account: to that of today, no more."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from services.common import parking
from services.common.clock import utc_now
from services.common.crypto import token_key
from services.contracts.base import PLATFORM
from services.contracts.plans.events import DatesProposed, PlanProposed
from services.contracts.plans.measures import AlertRaised
from services.contracts.profiles.registering import RegistrationMailAsked
from services.notify.domain import retries
from services.notify.models import Notice, metadata
from services.notify.operations import notices
from services.profiles.domain.records import AccountRecord
from services.profiles.models import Registration, RegistrationMail
from services.profiles.operations import open_account
from tests.integration.notify.world import World, eventually

pytestmark = pytest.mark.usefixtures("house")
LOOK = "Something in Attune needs your look today"
WELCOME, KNOWN = "Finish your Attune account", "You have an Attune account already"
LURE = "Win at https://spam.example"
CONFIRM = re.compile(r"https://attune\.example/register/confirm/([\w-]{43})\s")


@pytest.fixture
def account_id(world: World) -> UUID:
    """An account in profiles whose name somebody chose to write to strangers."""
    made = uuid4()
    record = AccountRecord(made, email_of(made), LURE, "UTC")
    with world.databases("profiles").plumbing() as tx:
        open_account(tx, record, now=utc_now())
    return made


def email_of(account_id: UUID) -> str:
    return f"{account_id.hex}@owner.example"


def ask_mail(world: World, email: str, *, is_registered: bool = True) -> UUID:
    """What profiles writes down when an address is registered; the mail's id."""
    mail_id, now = uuid4(), utc_now()
    told = {"email": email, "created_at": now}
    new = Registration(
        id=uuid4(), name=LURE, time_zone="UTC", password_hash="$argon2id$", guest_of=[], **told
    )
    with world.databases("profiles").plumbing() as tx:
        tx.add(RegistrationMail(id=mail_id, **told))
        tx.add_all([new] if is_registered else [])
    return mail_id


def fact(mail_id: UUID) -> RegistrationMailAsked:
    return RegistrationMailAsked(occurred_at=utc_now(), practice_id=PLATFORM, mail_id=mail_id)


def take_in(world: World, mail_id: UUID, *, now: datetime | None = None) -> None:
    with world.database.plumbing() as tx:
        notices.take_in(tx, fact(mail_id), now=now or utc_now())


@pytest.fixture
def known(world: World, account_id: UUID) -> UUID:
    """A mail to the address of an account."""
    return ask_mail(world, email_of(account_id))


def stored(world: World, account_id: UUID) -> list[Notice]:
    with world.database.plumbing() as tx:
        found = tx.scalars(select(Notice).where(Notice.account_id == account_id))
        return list(found.all())


def make_due(world: World, account_id: UUID) -> None:
    """Let leases and waits pass."""
    with world.database.plumbing() as tx:
        mine = update(Notice).where(Notice.account_id == account_id)
        tx.execute(mine.values(due_at=utc_now() - timedelta(seconds=1)))


def subjects(world: World, account_id: UUID) -> list[str]:
    return [mail["subject"] for mail in world.mails(email_of(account_id))]


def test_the_owner_of_an_address_is_told(world: World, account_id: UUID, known: UUID) -> None:
    """By a link that profiles knows by its hash, or that there is an account; the mails repeat
    nothing typed."""
    new = f"{uuid4().hex}@owner.example"
    mail_id = ask_mail(world, new)
    take_in(world, mail_id)
    take_in(world, known)
    assert notices.deliver_due(world.desk()) >= 2
    (welcome,), (has_account,) = world.mails(new), world.mails(email_of(account_id))
    assert (welcome["subject"], has_account["subject"]) == (WELCOME, KNOWN)
    for mail in (welcome, has_account):
        assert "spam.example" not in str(mail)
    assert "https://attune.example/sign-in" in has_account["text"]
    assert CONFIRM.search(has_account["text"]) is None
    found = CONFIRM.search(welcome["text"])
    assert found is not None
    with world.databases("profiles").plumbing() as tx:
        assert tx.get_one(RegistrationMail, mail_id).link_key == token_key(found[1])


def test_the_event_comes_by_the_broker(world: World, known: UUID) -> None:
    """Published as profiles does, taken in once, also where it comes twice."""
    event_id = uuid4()
    for one in (event_id, event_id, uuid4()):
        world.publish(fact(known), one)
    assert eventually(lambda: len(stored(world, known)) == 1)
    assert stored(world, known)[0].request_id == "request-of-test"


def test_a_mail_that_is_sent_again_has_a_link_of_its_own(world: World) -> None:
    """Another wish is another mail; the link in the one before works still."""
    email = f"{uuid4().hex}@owner.example"
    mails = [ask_mail(world, email), ask_mail(world, email, is_registered=False)]
    for mail_id in mails:
        take_in(world, mail_id)
    notices.deliver_due(world.desk())
    sent = [CONFIRM.search(mail["text"]) for mail in world.mails(email)]
    keys = {token_key(found[1]) for found in sent if found}
    with world.databases("profiles").plumbing() as tx:
        assert {tx.get_one(RegistrationMail, one).link_key for one in mails} == keys
    assert len(keys) == 2


def alert(account_id: UUID) -> AlertRaised:
    return AlertRaised(
        occurred_at=utc_now(),
        practice_id=uuid4(),
        alert_id=uuid4(),
        plan_id=uuid4(),
        practitioner_account_id=account_id,
    )


def test_each_alert_is_a_mail_of_its_own_that_says_nothing_of_it(
    world: World, account_id: UUID
) -> None:
    """Two on one day are two mails, one that comes twice is one; neither what nor whose is said."""
    first, second = alert(account_id), alert(account_id)
    for fact_ in (first, second):
        world.publish(fact_, fact_.alert_id)
    world.publish(first, uuid4())
    assert eventually(lambda: len(stored(world, account_id)) == 2)
    notices.deliver_due(world.desk())
    assert subjects(world, account_id) == [LOOK] * 2
    for mail in world.mails(email_of(account_id)):
        assert "https://attune.example/today" in mail["text"]
        assert not any(word in str(mail).lower() for word in ("plan", "answer", "client of", "phq"))


def test_each_choice_of_dates_is_a_mail_to_the_client_that_says_nothing_of_it(
    world: World, account_id: UUID
) -> None:
    """Twice told is once; other dates on the same day are another mail."""
    first, second = (
        DatesProposed(
            occurred_at=utc_now(),
            practice_id=uuid4(),
            plan_id=uuid4(),
            course_id=uuid4(),
            account_id=account_id,
        )
        for _ in range(2)
    )
    for fact_ in (first, second):
        world.publish(fact_, fact_.course_id)
    world.publish(first, uuid4())
    assert eventually(lambda: len(stored(world, account_id)) == 2)
    notices.deliver_due(world.desk())
    assert subjects(world, account_id) == ["New dates wait for your answer"] * 2


def test_a_proposal_without_dates_is_a_mail_to_the_client_that_says_nothing_of_it(
    world: World, account_id: UUID
) -> None:
    """Once a day for a version, however often it is taken back and proposed anew; another version
    is another mail."""
    first, second = (
        PlanProposed(
            occurred_at=utc_now(),
            practice_id=uuid4(),
            plan_id=uuid4(),
            version_id=uuid4(),
            account_id=account_id,
        )
        for _ in range(2)
    )
    for fact_ in (first, second, first):
        world.publish(fact_, uuid4())
    assert eventually(lambda: len(stored(world, account_id)) == 2)
    notices.deliver_due(world.desk())
    assert subjects(world, account_id) == ["Something waits for your answer"] * 2
    for mail in world.mails(email_of(account_id)):
        assert "https://attune.example/home" in mail["text"]
        assert not any(word in str(mail).lower() for word in ("plan", "therap", "practice"))


def test_who_is_gone_gets_nothing(world: World) -> None:
    """What to say is asked at delivery: of an address that nobody registered there is nothing, and
    no notice any more."""
    email = f"{uuid4().hex}@owner.example"
    for gone in (uuid4(), ask_mail(world, email, is_registered=False)):
        take_in(world, gone)
        notices.deliver_due(world.desk())
        assert stored(world, gone) == []
    assert world.mails(email) == []


def test_an_outage_delays_and_a_refusal_parks(world: World, account_id: UUID, known: UUID) -> None:
    """The mail server away: no try is lost. It refuses for good: nobody tries again."""
    take_in(world, known)
    world.mailbox.end()
    notices.deliver_due(world.desk())
    world.mailbox.start()
    (waiting,) = stored(world, known)
    assert (waiting.tries, waiting.sent_at, waiting.parked_at) == (0, None, None)
    world.mailbox.call("POST", "/faults", {"kind": "reply", "code": 550})
    make_due(world, known)
    notices.deliver_due(world.desk())
    (parked,) = stored(world, known)
    assert parked.parked_at is not None
    assert subjects(world, account_id) == []


def test_an_outage_costs_nobody_a_try_who_was_not_tried(
    world: World, account_id: UUID, known: UUID
) -> None:
    """Claimed together with the one that met it, twelve times over: all tries are left."""
    other = ask_mail(world, f"{uuid4().hex}@owner.example")
    take_in(world, known)
    take_in(world, other)
    world.mailbox.end()
    for _ in range(retries.MOST_TRIES):
        make_due(world, known)
        make_due(world, other)
        notices.deliver_due(world.desk())
    world.mailbox.start()
    assert [stored(world, one)[0].tries for one in (known, other)] == [0, 0]


def test_a_parked_notice_is_listed_and_sent_after_all(
    world: World, account_id: UUID, known: UUID
) -> None:
    """As everything that is given up: named by its kind, replayed like a mail of a booking."""
    take_in(world, known)
    world.mailbox.call("POST", "/faults", {"kind": "reply", "code": 550})
    notices.deliver_due(world.desk())
    (notice,) = stored(world, known)
    with world.database.plumbing() as tx:
        listed = {row.key: row for row in parking.list_parked(tx, metadata)}
        parking.replay(tx, metadata)
    row = listed[str(notice.id)]
    assert (row.table, row.about) == ("notices", "welcome")
    notices.deliver_due(world.desk())
    assert subjects(world, account_id) == [KNOWN]


def test_old_notices_go(world: World, account_id: UUID, known: UUID) -> None:
    """After a week, sent or not."""
    old = uuid4()
    take_in(world, old, now=utc_now() - timedelta(days=9))
    take_in(world, known)
    with world.database.plumbing() as tx:
        notices.forget_old(tx, now=utc_now())
    assert [len(stored(world, one)) for one in (old, known)] == [0, 1]
