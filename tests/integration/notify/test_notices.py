"""Mails to the owner of an account's address: once a day, to the address of today, no more."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from services.common import parking
from services.common.clock import utc_now
from services.contracts.base import PLATFORM
from services.contracts.plans.events import DatesProposed
from services.contracts.plans.measures import AlertRaised
from services.contracts.profiles.accounts import RegistrationReceived
from services.notify.domain import retries
from services.notify.models import Notice, metadata
from services.notify.operations import notices
from services.profiles.domain.records import AccountRecord
from services.profiles.operations import open_account
from tests.integration.notify.world import World, eventually

pytestmark = pytest.mark.usefixtures("house")
LOOK = "Something in Attune needs your look today"
WELCOME, KNOWN = "Your Attune account", "You have an Attune account already"


@pytest.fixture
def account_id(world: World) -> UUID:
    """An account in profiles whose name somebody chose to write to strangers."""
    made = uuid4()
    record = AccountRecord(made, email_of(made), "Win at https://spam.example", "UTC")
    with world.databases("profiles").plumbing() as tx:
        open_account(tx, record, now=utc_now())
    return made


def email_of(account_id: UUID) -> str:
    return f"{account_id.hex}@owner.example"


def fact(account_id: UUID, *, is_new: bool) -> RegistrationReceived:
    return RegistrationReceived(
        occurred_at=utc_now(), practice_id=PLATFORM, account_id=account_id, is_new=is_new
    )


def take_in(world: World, account_id: UUID, *, is_new: bool, now: datetime | None = None) -> None:
    with world.database.plumbing() as tx:
        notices.take_in(tx, fact(account_id, is_new=is_new), now=now or utc_now())


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


def test_the_owner_of_an_address_is_told(world: World, account_id: UUID) -> None:
    """Of the new account, and that somebody wanted another; the mails repeat nothing typed."""
    take_in(world, account_id, is_new=True)
    take_in(world, account_id, is_new=False)
    assert notices.deliver_due(world.desk()) >= 2
    assert sorted(subjects(world, account_id)) == sorted([WELCOME, KNOWN])
    for mail in world.mails(email_of(account_id)):
        assert "spam.example" not in str(mail)
        assert "https://attune.example/sign-in" in mail["text"]


def test_the_event_comes_by_the_broker(world: World, account_id: UUID) -> None:
    """Published as profiles does, taken in once."""
    event_id = uuid4()
    for _ in range(2):
        world.publish(fact(account_id, is_new=False), event_id)
    assert eventually(lambda: len(stored(world, account_id)) == 1)
    assert stored(world, account_id)[0].request_id == "request-of-test"


def test_one_address_gets_one_mail_of_a_kind_a_day(world: World, account_id: UUID) -> None:
    """However often somebody registers it; the next day brings another."""
    now = utc_now()
    for _ in range(20):
        take_in(world, account_id, is_new=False, now=now)
    take_in(world, account_id, is_new=False, now=now + timedelta(days=1))
    assert len(stored(world, account_id)) == 2
    notices.deliver_due(world.desk())
    notices.deliver_due(world.desk())
    assert subjects(world, account_id) == [KNOWN] * 2


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


def test_who_is_gone_gets_nothing(world: World) -> None:
    """The address is asked at delivery; without an account there is no notice any more."""
    gone = uuid4()
    take_in(world, gone, is_new=False)
    notices.deliver_due(world.desk())
    assert stored(world, gone) == []
    assert subjects(world, gone) == []


def test_an_outage_delays_and_a_refusal_parks(world: World, account_id: UUID) -> None:
    """The mail server away: no try is lost. It refuses for good: nobody tries again."""
    take_in(world, account_id, is_new=False)
    world.mailbox.end()
    notices.deliver_due(world.desk())
    world.mailbox.start()
    (waiting,) = stored(world, account_id)
    assert (waiting.tries, waiting.sent_at, waiting.parked_at) == (0, None, None)
    world.mailbox.call("POST", "/faults", {"kind": "reply", "code": 550})
    make_due(world, account_id)
    notices.deliver_due(world.desk())
    (parked,) = stored(world, account_id)
    assert parked.parked_at is not None
    assert subjects(world, account_id) == []


def test_an_outage_costs_nobody_a_try_who_was_not_tried(world: World, account_id: UUID) -> None:
    """Claimed together with the one that met it, twelve times over: all tries are left."""
    other = uuid4()
    record = AccountRecord(other, email_of(other), "Other", "UTC")
    with world.databases("profiles").plumbing() as tx:
        open_account(tx, record, now=utc_now())
    take_in(world, account_id, is_new=False)
    take_in(world, other, is_new=False)
    world.mailbox.end()
    for _ in range(retries.MOST_TRIES):
        make_due(world, account_id)
        make_due(world, other)
        notices.deliver_due(world.desk())
    world.mailbox.start()
    assert [stored(world, one)[0].tries for one in (account_id, other)] == [0, 0]


def test_a_parked_notice_is_listed_and_sent_after_all(world: World, account_id: UUID) -> None:
    """As everything that is given up: named by its kind, replayed like a mail of a booking."""
    take_in(world, account_id, is_new=True)
    world.mailbox.call("POST", "/faults", {"kind": "reply", "code": 550})
    notices.deliver_due(world.desk())
    (notice,) = stored(world, account_id)
    with world.database.plumbing() as tx:
        listed = {row.key: row for row in parking.list_parked(tx, metadata)}
        parking.replay(tx, metadata)
    row = listed[str(notice.id)]
    assert (row.table, row.about) == ("notices", "welcome")
    notices.deliver_due(world.desk())
    assert subjects(world, account_id) == [WELCOME]


def test_old_notices_go(world: World, account_id: UUID) -> None:
    """After a week, sent or not."""
    take_in(world, account_id, is_new=True, now=utc_now() - timedelta(days=9))
    take_in(world, account_id, is_new=False)
    with world.database.plumbing() as tx:
        notices.forget_old(tx, now=utc_now())
    assert [notice.kind for notice in stored(world, account_id)] == ["has_account"]
