"""Words typed into every clinical field stand nowhere in the clear: not in a table, a log, Redis,
nor what the broker writes to its disk, nor a mail, nor the event that tells of an alert. Nor is it
told which questionnaire somebody fills in."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from uuid_utils.compat import uuid7

from deploy.local import database_roles
from deploy.local.stack import Stack
from services.common.auth import Actor
from services.common.database import Database, driver_url
from services.common.errors import InvalidInput
from services.common.rpc.client import Caller
from services.contracts.plans.commands import (
    AgreePlan,
    AskForChanges,
    GetPlan,
    LogExercise,
    MovePlan,
    ProposePlan,
    RevisePlan,
    StartPlan,
)
from services.contracts.plans.content import (
    Focus,
    Move,
)
from services.contracts.plans.measures import FillMeasure
from services.contracts.plans.notes import (
    AddAddendum,
    DiscardNote,
    GetNote,
    NoteContent,
    NoteFormat,
    NoteSigned,
    NoteView,
    RestoreNote,
    SavedNote,
    SignNote,
    StartNote,
    WithdrawSignature,
    WriteNote,
)
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.reviews import Decision, RecordReview
from services.contracts.plans.templates import PracticeTemplateView, StartTemplate
from services.contracts.plans.views import PlanView
from tests.integration.mailbox.running import Mailbox
from tests.integration.tenancy.catalogue import tables
from tests.security import answering
from tests.security.clinical_words import (
    CANARIES,
    HIDDEN,
    INSTRUMENT,
    MALFORMED,
    PUBLISHED,
    TEMPLATE,
    content_of,
    found_in,
    note_of,
)
from tests.security.couple import Pair, open_pair
from tests.security.mailed import Post, whole

SUBJECTS = (
    *("Something in Attune needs your look today", "Something waits for your answer"),
    *("Your appointment is confirmed", "An appointment is confirmed"),
    *("Your upcoming appointment", "Your appointment starts soon"),
)


@pytest.fixture(scope="module")
def pair(house: Stack, database: Callable[[str], Database]) -> Pair:
    """In profiles and in booking; no canary is in them."""
    return open_pair(database)


@pytest.fixture(scope="module")
def answers(pair: Pair, caller: Callable[[str], Caller]) -> str:
    """Given before the first session by the booking's link, which reads nothing of them back."""
    gateway, link = caller("gateway"), pair.practice.link(pair.booking_id)
    answering.publish(gateway, pair.practice.person(uuid4(), "owner"))
    told = answering.answer(gateway, link, pair.booking_id, CANARIES, MALFORMED)
    assert found_in(told) == set()
    return answering.read(gateway, pair.practitioner, pair.client.id)


@pytest.fixture(scope="module")
def plan(pair: Pair, caller: Callable[[str], Caller]) -> PlanView:
    """Written, proposed, measured, reviewed, returned with a wish, read by both; and two calls
    that are refused."""
    gateway, desk = caller("gateway"), pair.practitioner

    def ask(method: str, command: Any, actor: Actor) -> PlanView:
        return gateway.call("plans", method, command, actor, PlanView)

    start = StartPlan(id=uuid7(), client_id=pair.client.id, template=TEMPLATE)
    begun = ask("start_plan", start, desk)
    revise = RevisePlan(plan_id=begun.id, revision=begun.revision, **content_of(CANARIES))
    revised = ask("revise_plan", revise, desk)
    propose = ProposePlan(plan_id=begun.id, revision=revised.revision)
    read = ask("propose_plan", propose, desk).open
    assert read is not None
    with pytest.raises(MoveRefused):
        ask("revise_plan", revise, desk)
    endless = Focus.model_construct(title=MALFORMED * 40)
    malformed = revise.model_copy(update={"focus": endless})
    with pytest.raises(InvalidInput) as refused:
        ask("revise_plan", malformed, desk)
    assert found_in(f"{refused.value.message}{refused.value.detail}") == set()
    agree = AgreePlan(plan_id=begun.id, number=1, text=read.text)
    agreed = ask("agree_plan", agree, pair.reader)
    assert agreed.agreed is not None
    kept = StartTemplate(id=uuid7(), name="Ours", summary="For us", plan_id=begun.id)
    gateway.call("plans", "start_template", kept, desk, PracticeTemplateView)
    log = LogExercise(
        id=uuid7(),
        plan_id=begun.id,
        exercise_id=agreed.agreed.content.exercises[0].id,
        happened=CANARIES["tried"],
        went=5,
    )
    revision = ask("log_exercise", log, pair.reader).revision
    answers = FillMeasure(id=uuid7(), plan_id=begun.id, instrument=INSTRUMENT, answers=[1] * 9)
    ask("fill_measure", answers, pair.reader)
    for move in (Move.BEGIN, Move.REVIEW):
        revision = ask("move_plan", MovePlan(plan_id=begun.id, move=move), desk).revision
    review = RecordReview(
        id=uuid7(),
        plan_id=begun.id,
        went_well=CANARIES["well"],
        to_change=CANARIES["change"],
        decision=Decision.GO_ON,
    )
    revision = ask("record_review", review, desk).revision
    shorter = RevisePlan(plan_id=begun.id, revision=revision, exercises=[])
    second = ask("revise_plan", shorter, desk)
    read = ask("propose_plan", ProposePlan(plan_id=begun.id, revision=second.revision), desk).open
    assert read is not None
    wish = AskForChanges(plan_id=begun.id, number=2, text=read.text, wish=CANARIES["wish"])
    ask("ask_for_changes", wish, pair.reader)
    return ask("get_plan", GetPlan(plan_id=begun.id), desk)


@pytest.fixture(scope="module")
def notes(pair: Pair, caller: Callable[[str], Caller]) -> str:
    """One signed twice and added to, a private one, a draft, and calls that are refused; as they
    are read at last."""
    gateway, desk = caller("gateway"), pair.practitioner

    def ask(method: str, command: Any, answer: type[Any] = NoteView) -> Any:
        return gateway.call("plans", method, command, desk, answer)

    def begun(content: NoteContent, kind: str = "progress") -> SavedNote:
        told = {"id": uuid7(), "kind": kind, "client_id": pair.client.id, "content": content}
        return ask("start_note", StartNote.model_validate(told), SavedNote)  # type: ignore[no-any-return]

    def added(note_id: Any, text: str) -> NoteView:
        return ask("add_addendum", AddAddendum(id=uuid7(), note_id=note_id, text=text))  # type: ignore[no-any-return]

    def free(field: str) -> NoteContent:
        return NoteContent(format=NoteFormat.FREE, text=CANARIES[field])

    note = begun(free("withdrawn"))
    signed = ask("sign_note", SignNote(note_id=note.id, revision=1))
    ask("withdraw_signature", WithdrawSignature(note_id=note.id, revision=signed.revision))
    write = WriteNote(note_id=note.id, revision=3, content=note_of(CANARIES))
    saved = ask("write_note", write, SavedNote)
    ask("sign_note", SignNote(note_id=note.id, revision=saved.revision))
    with pytest.raises(NoteSigned):
        ask("write_note", write, SavedNote)
    flawed = NoteContent.model_construct(format=NoteFormat.FREE, text=MALFORMED * 600)
    with pytest.raises(InvalidInput) as refused:
        ask("write_note", write.model_copy(update={"content": flawed}), SavedNote)
    assert found_in(f"{refused.value.message}{refused.value.detail}") == set()
    private = begun(free("private"), "private")
    ask("sign_note", SignNote(note_id=private.id, revision=1))
    draft = begun(free("draft"))
    ask("discard_note", DiscardNote(note_id=draft.id, revision=1))
    ask("restore_note", RestoreNote(note_id=draft.id))
    views = (
        added(note.id, CANARIES["addendum"]),
        added(private.id, CANARIES["privatelyadded"]),
        ask("get_note", GetNote(note_id=draft.id)),
    )
    return "".join(one.model_dump_json() for one in views)


@pytest.fixture(scope="module")
def chart(plan: PlanView, notes: str, answers: str) -> None:
    """All that is clinical, written."""


def test_the_words_were_written_and_are_read(plan: PlanView, notes: str, answers: str) -> None:
    """The twin of all below: each canary comes back to who may read it; what was only kept took
    another's place."""
    expected = set(CANARIES.values()) - {CANARIES["kept"]}
    assert expected <= found_in(plan.model_dump_json() + notes + answers)


def test_no_table_holds_a_clinical_word(house: Stack, chart: None) -> None:
    """All rows of all tables as text and as bytes, seen above every policy."""
    engine: Engine = create_engine(driver_url(database_roles.target_url(house)))
    hexed = {word.encode().hex(): word for word in HIDDEN}
    spread = {}
    with engine.connect() as connection:
        for table in tables(connection):
            if table.startswith("profiles."):  # its catalogue speaks of Interpersonal Therapy
                continue
            rows = "\n".join(connection.scalars(text(f"SELECT t::text FROM {table} t")))
            spread[table] = found_in(rows) | {hexed[one] for one in hexed if one in rows}
            if table == "plans.template_versions":  # the practice's, begun from a published one
                spread[table] -= PUBLISHED
        counted = [
            connection.scalar(text(f"SELECT count(*) FROM plans.{table}"))
            for table in ("versions", "notes", "note_signatures", "template_versions")
        ]
    engine.dispose()
    assert all(counted)
    assert {table: words for table, words in spread.items() if words} == {}


def test_an_alert_leaves_with_ids_alone(house: Stack, plan: PlanView) -> None:
    """The twin of the tables: the event is there, and says what notify needs and nothing else."""
    engine: Engine = create_engine(driver_url(database_roles.target_url(house)))
    query = "SELECT body FROM plans.outbox WHERE type = 'alert_raised' AND body->>'plan_id' = :id"
    with engine.connect() as connection:
        [body] = connection.scalars(text(query), {"id": str(plan.id)})
    engine.dispose()
    assert set(body) == {
        *("version", "occurred_at", "practice_id"),
        *("alert_id", "plan_id", "practitioner_account_id"),
    }


def test_no_log_holds_a_clinical_word(house: Stack, chart: None) -> None:
    """Of plans, of the broker, of the database, of Redis: refused calls included."""
    logs = [path for path in house.run.logs.rglob("*") if path.is_file()]
    told = {path.name: found_in(path.read_text(errors="replace")) for path in logs}
    assert "plans.log" in told
    assert {name: words for name, words in told.items() if words} == {}


def test_the_broker_keeps_no_clinical_word(house: Stack, chart: None) -> None:
    """Calls stay in its memory."""
    files = [path for path in (house.run.path / "rabbitmq").rglob("*") if path.is_file()]
    told = {path.name: found_in(path.read_bytes().decode("latin-1")) for path in files}
    assert {name: words for name, words in told.items() if words} == {}


def test_redis_holds_no_clinical_word(redis: Any, chart: None) -> None:
    """Neither in keys nor in values."""
    for key in redis.scan_iter("*"):
        value = redis.get(key) if redis.type(key) == "string" else repr(redis.dump(key))
        assert found_in(f"{key}{value}") == set(), key


def test_no_mail_holds_a_clinical_word(
    pair: Pair,
    chart: None,
    database: Callable[[str], Database],
    caller: Callable[[str], Caller],
    mailbox: Mailbox,
) -> None:
    """Of the alert, of what was proposed twice, and of the appointment, reminders included."""
    accounts = {pair.practice.practitioner_account: 1, pair.client.account_id or pair.client.id: 2}
    post = Post(database("notify"), caller("notify"), mailbox)
    mails = post.deliver(pair.practice.id, accounts, messages=5)
    told = [(str(one["subject"]), found_in(whole(one))) for one in mails]
    assert {subject for subject, _ in told} >= set(SUBJECTS)
    assert [one for one in told if one[1]] == []
