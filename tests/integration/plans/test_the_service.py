"""The running service: whom a practitioner may begin a plan for, keys at start and in use."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic, sleep
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from deploy.local import environment
from deploy.local.settings import CHECKOUT
from deploy.local.stack import Stack
from services.common import serve
from services.common.auth import Actor, service_actor
from services.common.database import Database
from services.common.errors import NotFound, ServiceUnavailable
from services.common.health import CheckHealth, Health
from services.common.rpc.client import Caller
from services.contracts.plans.commands import GetPlan, ListTemplates, StartPlan
from services.contracts.plans.notes import (
    GetNote,
    ListNoteToDos,
    NoteContent,
    NoteFormat,
    NoteKind,
    NoteToDosView,
    NoteView,
    SavedNote,
    SignNote,
    StartNote,
)
from services.contracts.plans.views import PlanView, TemplatesView
from services.plans.operations.sealing import KeyRing, new_data_key
from services.profiles import operations as profiles
from services.profiles.domain.records import AccountRecord, ClientRecord
from tests.integration.booking.practice import NOW, Practice
from tests.integration.plans.desk import Desk, forget_keys
from tests.integration.profiles.samples import a_house

KEYS = {1: new_data_key(), 2: new_data_key()}


def told(servers: Stack, keys: Mapping[int, bytes]) -> dict[str, str]:
    """What the process reads, with these keys."""
    encoded = {str(version): base64.b64encode(key).decode() for version, key in keys.items()}
    own = environment.service(servers, "plans")
    return {**os.environ, **own, "PLANS_KEYS": json.dumps(encoded)}


@contextmanager
def running(servers: Stack, keys: Mapping[int, bytes], gateway: Caller) -> Iterator[None]:
    """The service with these keys, until the block ends."""
    # Whoever hears its events needs a queue, though nobody serves it: what none takes waits in the
    # outbox, and after a minute the service says that it is not ready.
    serve.declare({one: servers.amqp_url(one) for one in ("plans", "notify")})
    argv = [sys.executable, "-m", "services", "run", "plans"]
    with (servers.run.logs / "plans.log").open("ab") as log:
        process = subprocess.Popen(
            argv, cwd=CHECKOUT, env=told(servers, keys), stdout=log, stderr=log
        )
    try:
        _wait_until_ready(gateway)
        yield
    finally:
        process.terminate()
        process.wait(15)


def _wait_until_ready(gateway: Caller) -> None:
    until = monotonic() + 60
    while monotonic() < until:
        try:
            if gateway.call("plans", "check_health", CheckHealth(), Actor(), Health).is_ready:
                return
        except ServiceUnavailable:
            sleep(0.1)
    raise TimeoutError("plans was not ready")


@dataclass(frozen=True, slots=True)
class Treatment:
    """A practitioner with a client who has a session, in profiles and in booking."""

    practice: Practice
    client: ClientRecord
    booking_id: UUID

    @property
    def practitioner(self) -> Actor:
        return self.practice.person(self.practice.practitioner_account, "practitioner")

    def start(self, gateway: Caller, actor: Actor | None = None) -> PlanView:
        command = StartPlan(id=uuid7(), client_id=self.client.id, template="coaching")
        return gateway.call("plans", "start_plan", command, actor or self.practitioner, PlanView)


@pytest.fixture
def treatment(database: Callable[[str], Database]) -> Treatment:
    """Paid for, in both services' own words."""
    made, account_id = a_house(f"plans-{uuid4().hex[:8]}"), uuid4()
    client = ClientRecord(
        id=uuid4(),
        practice_id=made.practice.id,
        name="Client",
        email="client@plans.example",
        time_zone="Europe/Berlin",
        account_id=account_id,
    )
    opened = database("profiles")
    account = AccountRecord(account_id, f"{account_id.hex}@plans.example", "Client", "UTC")
    with opened.plumbing() as tx:
        profiles.open_account(tx, account, now=NOW)
    with opened.transaction(service_actor("profiles", made.practice.id, "test")) as tx:
        profiles.open_practice(tx, made.practice)
        profiles.store_client(tx, client, now=NOW)
    practice = Practice(database("booking"), id=made.practice.id).open()
    booking = practice.book_and_pay(client_id=client.id)
    return Treatment(practice, client, booking.id)


@pytest.fixture(scope="module")
def gateway(
    database: Callable[[str], Database],
    servers: Stack,
    serving: Callable[..., None],
    caller: Callable[[str], Caller],
) -> Iterator[Caller]:
    """plans with two keys, beside booking and profiles; charts of earlier tests are out of their
    way."""
    forget_keys(database("plans"))
    serving("booking")
    serving("profiles")
    opened = caller("gateway")
    with running(servers, KEYS, opened):
        yield opened


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({2: KEYS[2]}, "PLANS_KEYS: key 1 is missing"),
        ({1: KEYS[2]}, "PLANS_KEYS: key 1 is not the one"),
    ],
)
def test_wrong_keys_stop_the_start_and_name_the_setting(
    keys: dict[int, bytes], words: str, desk: Desk, servers: Stack
) -> None:
    """One line, and no traceback; the process ends. Asked while no service puts charts under a
    newer key."""
    desk.ring = KeyRing({1: KEYS[1]}, 1)
    desk.start()
    desk.check()
    argv = [sys.executable, "-m", "services", "run", "plans"]
    ended = subprocess.run(
        argv, cwd=CHECKOUT, env=told(servers, keys), capture_output=True, text=True, timeout=60
    )
    assert ended.returncode != 0
    assert f"Attune cannot start: {words}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_practitioner_begins_plans_for_clients_of_their_own(
    gateway: Caller, treatment: Treatment
) -> None:
    """Booking tells whom they treat, profiles who reads it; to others the client is unknown."""
    plan = treatment.start(gateway)
    assert plan.practitioner_id == treatment.practice.practitioner_id
    assert plan.has_account
    reader = Actor(kind="person", account_id=treatment.client.account_id)
    with pytest.raises(NotFound):
        gateway.call("plans", "get_plan", GetPlan(plan_id=plan.id), reader, PlanView)
    colleague = treatment.practice.person(uuid4(), "practitioner")
    owner = treatment.practice.person(treatment.practice.practitioner_account, "owner")
    for actor in (colleague, owner, reader):
        with pytest.raises(NotFound):
            treatment.start(gateway, actor)


def test_a_client_of_somebody_elses_has_no_plan_here(gateway: Caller, treatment: Treatment) -> None:
    """A record of the practice without a session with this practitioner."""
    stranger = replace(treatment, client=a_house("elsewhere").client)
    with pytest.raises(NotFound):
        stranger.start(gateway)


def test_notes_are_on_sessions_of_ones_own(gateway: Caller, treatment: Treatment) -> None:
    """Booking tells which they are and which were attended; to others the session is unknown."""
    who, booking_id = treatment.practitioner, treatment.booking_id
    command = StartNote(
        id=uuid7(),
        kind=NoteKind.PROGRESS,
        booking_id=booking_id,
        content=NoteContent(format=NoteFormat.FREE, text="It was a quiet hour."),
    )
    for roles in (("practitioner",), ("owner", "front_desk")):
        stranger = treatment.practice.person(uuid4(), *roles)
        with pytest.raises(NotFound):
            gateway.call("plans", "start_note", command, stranger, SavedNote)
    saved = gateway.call("plans", "start_note", command, who, SavedNote)
    seen = gateway.call("plans", "get_note", GetNote(note_id=saved.id), who, NoteView)
    assert (seen.client_id, seen.booking_id) == (treatment.client.id, booking_id)
    asked = SignNote(note_id=saved.id, revision=saved.revision)
    signed = gateway.call("plans", "sign_note", asked, who, NoteView)
    assert signed.signed_at is not None
    assert signed.locks_at == signed.signed_at + timedelta(days=7)
    found = gateway.call("plans", "list_note_to_dos", ListNoteToDos(), who, NoteToDosView)
    assert found.to_dos == []


def test_templates_are_told_in_their_order(gateway: Caller) -> None:
    """Each with where it was published."""
    found = gateway.call("plans", "list_templates", ListTemplates(), Actor(), TemplatesView)
    assert found.templates[0].slug == "interpersonal-therapy-short"
    assert all(one.source for one in found.templates)


def test_charts_come_under_the_new_key_while_the_service_runs(desk: Desk, gateway: Caller) -> None:
    """Read before, meanwhile and after; then nothing needs the old key."""
    desk.ring = KeyRing({1: KEYS[1]}, 1)
    plan = desk.agreed()
    until = monotonic() + 30
    while desk.rows("SELECT 1 FROM plans.charts WHERE key_version = 1"):
        gateway.call("plans", "get_plan", GetPlan(plan_id=plan.id), desk.client, PlanView)
        assert monotonic() < until, "the chart stayed under the old key"
        sleep(0.2)
    desk.ring = KeyRing({2: KEYS[2]}, 2)
    assert desk.read(plan.id, desk.client).agreed is not None
