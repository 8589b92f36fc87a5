"""Clients belong to one practice: found once, told to their own practice only."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from deploy.local.stack import Stack
from services.common.auth import Actor, service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import DifferentContent, Forbidden, InvalidInput, NotFound
from services.contracts.profiles.accounts import Role
from services.contracts.profiles.clients import (
    ClientView,
    ContactView,
    EnsureClient,
    GetContact,
    GetOwnClient,
    ListClients,
)
from services.contracts.profiles.members import ListMembers
from services.profiles import operations
from services.profiles.domain.records import MemberRecord
from services.profiles.models import Client, Credential, Member, Practitioner
from tests.integration.profiles.conftest import Ask, InPractice, Opened
from tests.integration.profiles.samples import House


def ensure(practice_id: UUID, **changes: object) -> EnsureClient:
    content = {
        "id": uuid4(),
        "practice_id": practice_id,
        "name": "Cleo Client",
        "email": "cleo@people.example",
        "phone": "+49 30 1234567",
    }
    return EnsureClient.model_validate(content | changes)


def staff(practice_id: UUID) -> Actor:
    return Actor("person", account_id=uuid4(), practice_id=practice_id, roles=frozenset({"admin"}))


def test_a_guest_gets_the_client_that_the_call_names(ask: Ask, houses: tuple[House, House]) -> None:
    """The same call again finds it; other content under the id is refused."""
    command = ensure(houses[0].practice.id)
    made = ask("ensure_client", command)
    assert made == ClientView(id=command.id, practice_id=command.practice_id, account_id=None)
    assert ask("ensure_client", command) == made
    with pytest.raises(DifferentContent):
        ask("ensure_client", command.model_copy(update={"email": "other@people.example"}))


def test_a_signed_in_person_has_one_record_of_their_own_in_each_practice(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """The first one; a call that names another id makes a record without an account."""
    account = opened("client")
    here, there = (house.practice.id for house in houses)
    actor = Actor("person", account_id=account.id)
    first = ask("ensure_client", ensure(here), actor)
    assert first.account_id == account.id
    assert ask("ensure_client", ensure(here), actor).account_id is None
    assert ask("get_own_client", GetOwnClient(practice_id=here), actor).id == first.id
    assert ask("ensure_client", ensure(there), actor).account_id == account.id


def test_what_a_signed_in_person_types_is_where_their_mails_go(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """Their record follows, the same call again changes nothing; elsewhere it stays as it was."""
    account = opened("moved")
    actor = Actor("person", account_id=account.id)
    here, there = houses
    made = {house: ask("ensure_client", ensure(house.practice.id), actor).id for house in houses}
    typed = {
        "name": "Cleo M. Client",
        "email": "new@people.example",
        "phone": None,
        "time_zone": "UTC",
    }
    command = ensure(here.practice.id, id=made[here], **typed)
    for _ in range(2):
        assert ask("ensure_client", command, actor).id == made[here]
    told = reached(ask, here, made[here])
    assert (told.name, told.email, told.phone, told.time_zone) == tuple(typed.values())
    assert reached(ask, there, made[there]).email == "cleo@people.example"


def test_whom_a_person_books_for_has_a_record_of_their_own(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """A parent's record and a child's stay apart: nobody's mails turn to another address."""
    here = houses[0]
    account = opened("parent")
    actor = Actor("person", account_id=account.id)
    own = ask("ensure_client", ensure(here.practice.id), actor)
    child = ensure(here.practice.id, email="carl@people.example", is_for_another=True)
    made = ask("ensure_client", child, actor)
    assert (made.id, made.account_id) == (child.id, None)
    assert ask("ensure_client", child, actor) == made
    with pytest.raises(DifferentContent):
        ask("ensure_client", child.model_copy(update={"email": "x@people.example"}), actor)
    with pytest.raises(DifferentContent):
        ask("ensure_client", child.model_copy(update={"id": own.id}), actor)
    assert reached(ask, here, own.id).email == "cleo@people.example"
    assert reached(ask, here, made.id).email == "carl@people.example"


def test_staff_book_for_others_each_with_a_record_of_their_own(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """The second client's mails do not go to the first one, under the same name neither."""
    here = houses[0]
    account = opened("desk")
    actor = replace(staff(here.practice.id), account_id=account.id)
    first, second = (
        ask("ensure_client", ensure(here.practice.id, email=f"{one}@people.example"), actor)
        for one in ("first", "second")
    )
    assert first.account_id is second.account_id is None
    assert reached(ask, here, first.id).email == "first@people.example"
    assert reached(ask, here, second.id).email == "second@people.example"


def reached(ask: Ask, house: House, client_id: UUID) -> ContactView:
    """Where notify would write to a client."""
    actor = service_actor("notify", house.practice.id, "booking_confirmed:1")
    asked = GetContact(client_id=client_id, practitioner_id=house.practitioner.id)
    told: ContactView = ask("get_contact", asked, actor, issuer="notify")
    return told


def test_many_calls_at_once_make_one_record_the_persons_own(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """Eight first bookings at the same moment: each has its record, one of them the account."""
    account = opened("at-once")
    actor = Actor("person", account_id=account.id)
    calls = [ensure(houses[0].practice.id) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda command: ask("ensure_client", command, actor), calls))
    assert [client.id for client in made] == [command.id for command in calls]
    assert [client.account_id for client in made].count(account.id) == 1


def test_somebody_elses_client_id_answers_like_an_unknown_one(
    ask: Ask, opened: Opened, houses: tuple[House, House]
) -> None:
    """Neither a guest's nor another person's client becomes one's own or changes."""
    account = opened("foreign")
    actor = Actor("person", account_id=account.id)
    guest = ensure(houses[0].practice.id)
    made = ask("ensure_client", guest)
    assert ask("ensure_client", guest, actor) == made
    with pytest.raises(DifferentContent):
        ask("ensure_client", guest.model_copy(update={"email": "x@people.example"}), actor)
    own = ensure(houses[0].practice.id)
    ask("ensure_client", own, actor)
    with pytest.raises(NotFound):
        ask("ensure_client", own)


def test_an_unknown_practice_has_no_clients(ask: Ask) -> None:
    """Nothing is written for a practice that is not there."""
    with pytest.raises(NotFound):
        ask("ensure_client", ensure(uuid4()))


def test_a_client_needs_a_name_and_an_address(ask: Ask, houses: tuple[House, House]) -> None:
    """Bad input is refused by field."""
    bad = ensure(houses[0].practice.id).model_copy(update={"name": " ", "email": "nowhere"})
    with pytest.raises(InvalidInput) as refused:
        ask("ensure_client", bad)
    assert set(refused.value.detail) == {"name", "email"}


def test_links_and_services_have_no_client_record(ask: Ask, houses: tuple[House, House]) -> None:
    """The holder of a mail's link cannot make clients."""
    with pytest.raises(Forbidden):
        ask("ensure_client", ensure(houses[0].practice.id), Actor("link", booking_id=uuid4()))


def test_members_see_the_names_of_their_own_clients_only(
    ask: Ask, houses: tuple[House, House]
) -> None:
    """Foreign and unknown ids are left out; who has no role sees nothing."""
    here, there = houses
    asked = ListClients(client_ids=[here.client.id, there.client.id, uuid4()])
    told = ask("list_clients", asked, staff(here.practice.id)).clients
    assert [(client.id, client.name) for client in told] == [(here.client.id, here.client.name)]
    both = asked.model_copy(update={"is_with_practitioners": True})
    told = ask("list_clients", both, staff(here.practice.id)).practitioners
    assert [one.id for one in told] == [here.practitioner.id]
    person = Actor("person", account_id=uuid4(), practice_id=here.practice.id)
    for actor in (person, Actor("person", account_id=uuid4()), Actor()):
        with pytest.raises(Forbidden):
            ask("list_clients", asked, actor)


def test_billing_learns_whom_an_invoice_is_for_and_no_other_service_does(
    in_practice: InPractice, houses: tuple[House, House]
) -> None:
    """In the practice that it acts in."""
    here, there = houses
    asked = ListClients(client_ids=[here.client.id, there.client.id])
    practice_id = here.practice.id
    billing, notify = (service_actor(one, practice_id, "test") for one in ("billing", "notify"))
    with in_practice(practice_id) as tx:
        told = operations.list_clients(tx, asked, actor=billing)
        assert [one.id for one in told.clients] == [here.client.id]
        with pytest.raises(Forbidden):
            operations.list_clients(tx, asked, actor=notify)


def test_a_practices_people_are_named_to_its_clients_and_to_themselves(
    ask: Ask, houses: tuple[House, House], in_practice: InPractice, opened: Opened
) -> None:
    """Those of other practices and clients are left out; others learn nobody's name."""
    here, there = (house.practice.id for house in houses)
    people = [opened(f"{name}-{uuid4().hex[:8]}") for name in ("member", "elsewhere", "client")]
    for practice_id, one in zip((here, there), people, strict=False):
        with in_practice(practice_id) as tx:
            place = MemberRecord(practice_id, one.id, frozenset({Role.SUPERVISOR}))
            operations.add_member(tx, place, now=utc_now())
    asked = ListMembers(account_ids=[one.id for one in people])
    member, _, client = (Actor("person", account_id=one.id, practice_id=here) for one in people)
    ask("ensure_client", ensure(here), client)
    for actor in (member, client):
        found = ask("list_members", asked, actor).members
        assert [(one.account_id, one.name) for one in found] == [(people[0].id, people[0].name)]
    stranger = Actor("person", account_id=uuid4(), practice_id=here)
    for actor in (stranger, replace(client, practice_id=there), replace(client, practice_id=None)):
        with pytest.raises(Forbidden):
            ask("list_members", asked, actor)


@pytest.mark.parametrize("table", [Client, Practitioner, Member, Credential])
def test_without_the_application_filter_the_policy_still_holds(
    houses: tuple[House, House],
    in_practice: InPractice,
    table: type[Client] | type[Practitioner] | type[Member] | type[Credential],
) -> None:
    """The twin of every query: no WHERE at all, and nothing of another practice shows."""
    here = houses[0].practice.id
    with in_practice(here) as tx:
        practices = set(tx.scalars(select(table.practice_id)))
    assert practices <= {here}
    with in_practice(uuid4()) as tx:
        assert tx.scalar(select(func.count()).select_from(table)) == 0


def test_without_the_policy_the_same_query_shows_both_practices(
    houses: tuple[House, House], servers: Stack, profiles_database: Database
) -> None:
    """The guard of the test before: who is not bound by the policy sees foreign rows."""
    admin = Database(servers.admin_database_url.rsplit("/", 1)[0] + "/attune", pool_size=1)
    with admin.plumbing() as tx:
        practices = set(tx.scalars(select(Client.practice_id)))
    admin.engine.dispose()
    assert {house.practice.id for house in houses} <= practices
    with profiles_database.plumbing() as tx:
        assert tx.scalar(select(func.count()).select_from(Client)) == 0


def test_a_person_reads_their_own_rows_in_every_practice_and_no_others(
    ask: Ask, opened: Opened, houses: tuple[House, House], profiles_database: Database
) -> None:
    """The second policy: own rows, wherever they are."""
    account = opened("everywhere")
    actor = Actor("person", account_id=account.id)
    made = {ask("ensure_client", ensure(house.practice.id), actor).id for house in houses}
    with profiles_database.transaction(actor) as tx:
        assert set(tx.scalars(select(Client.id))) == made


def test_a_row_cannot_be_written_into_another_practice(
    houses: tuple[House, House], in_practice: InPractice
) -> None:
    """The policy checks what is written, too."""
    here, there = houses
    foreign = replace(there.client, id=uuid4())
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        in_practice(here.practice.id) as tx,
    ):
        operations.store_client(tx, foreign, now=utc_now())
