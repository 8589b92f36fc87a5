"""A practitioner and a client of a clinic, and the plans that they make together."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from deploy.local.product import Product
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.contracts.plans.commands import (
    AgreePlan,
    MovePlan,
    ProposePlan,
    RevisePlan,
    StartPlan,
)
from services.contracts.plans.content import Focus, Move
from services.contracts.plans.measures import FillMeasure
from services.contracts.plans.notes import NoteContent, NoteFormat, NoteKind, SignNote, StartNote
from services.contracts.plans.reviews import Decision, RecordReview
from services.contracts.plans.rhythm import PlannedMeasure, Unit
from services.contracts.plans.templates import StartTemplate
from services.plans.adapters.people import Treated
from services.plans.operations import measures as filling
from services.plans.operations import moves, note_signing, note_writing, reviews, templates, writing
from services.plans.operations.note_writing import About
from services.plans.operations.sealing import KeyRing
from tests.factories.clinic import Clinic

TITLE = "Quiet evenings"


def filling_of(plan_id: UUID) -> UUID:
    """The id of the answers that its client gave."""
    return uuid5(plan_id, "filling")


def review_of(plan_id: UUID) -> UUID:
    """The id of the review that ended it."""
    return uuid5(plan_id, "review")


@dataclass(frozen=True, slots=True)
class Couple:
    """The clinic's practitioner, and one client with an account."""

    product: Product
    clinic: Clinic
    client_id: UUID
    account_id: UUID

    @property
    def practitioner(self) -> Actor:
        return Actor(
            kind="person",
            account_id=self.clinic.practitioner_account_id,
            practice_id=self.clinic.id,
            roles=frozenset({"practitioner"}),
        )

    @property
    def client(self) -> Actor:
        return Actor(kind="person", account_id=self.account_id)

    @property
    def ring(self) -> KeyRing:
        """The keys of the running product."""
        told = json.loads(self.product.environment["PLANS_KEYS"])
        return KeyRing({int(one): base64.b64decode(key) for one, key in told.items()}, 1)

    def agreed_plan(self) -> UUID:
        """A plan that both signed, with answers that need a look; its id."""
        plan_id, now, who = uuid7(), utc_now(), self.practitioner
        with self._as(who) as tx:
            command = StartPlan(id=plan_id, client_id=self.client_id, template="coaching")
            treated = Treated(self.client_id, self.clinic.practitioner_id, self.account_id)
            writing.start_plan(tx, self.ring, command, treated, actor=who, now=now)
            focus = Focus(title=TITLE, reason="I want to decide.")
            measures = [PlannedMeasure(instrument="phq-9", every=2, unit=Unit.WEEKS)]
            revise = RevisePlan(plan_id=plan_id, revision=1, focus=focus, measures=measures)
            writing.revise_plan(tx, self.ring, revise, actor=who, now=now)
            propose = ProposePlan(plan_id=plan_id, revision=2)
            read = moves.propose_plan(tx, self.ring, propose, actor=who, now=now).open
            assert read is not None
        with self._as(self.client) as tx:
            agree = AgreePlan(plan_id=plan_id, number=1, text=read.text)
            moves.agree_plan(tx, self.ring, agree, actor=self.client, now=now)
            filled = FillMeasure(
                id=filling_of(plan_id), plan_id=plan_id, instrument="phq-9", answers=[1] * 9
            )
            filling.fill_measure(tx, self.ring, filled, actor=self.client, now=now)
        return plan_id

    def ended_plan(self) -> UUID:
        """A plan that ended with its review; its id."""
        plan_id, who, now = self.agreed_plan(), self.practitioner, utc_now()
        with self._as(who) as tx:
            for move in (Move.BEGIN, Move.REVIEW):
                step = MovePlan(plan_id=plan_id, move=move)
                moves.move_plan(tx, self.ring, step, actor=who, now=now)
            found = RecordReview(
                id=review_of(plan_id), plan_id=plan_id, went_well="Much", decision=Decision.END
            )
            reviews.record_review(tx, self.ring, found, actor=who, now=now)
        return plan_id

    def note(self, kind: NoteKind = NoteKind.PROGRESS, *, is_signed: bool = True) -> UUID:
        """A note of the practitioner's about the client; its id."""
        note_id, now, who = uuid7(), utc_now(), self.practitioner
        about = About(Treated(self.client_id, self.clinic.practitioner_id, self.account_id))
        content = NoteContent(format=NoteFormat.FREE, text="It was a quiet hour.")
        start = StartNote(id=note_id, kind=kind, client_id=self.client_id, content=content)
        sign = SignNote(note_id=note_id, revision=1)
        with self._as(who) as tx:
            note_writing.start_note(tx, self.ring, start, about, actor=who, now=now)
            if is_signed:
                note_signing.sign_note(
                    tx, self.ring, sign, lock_after=timedelta(days=7), actor=who, now=now
                )
        return note_id

    def template(self, name: str) -> UUID:
        """A template that the practice keeps; its id."""
        template_id, who = uuid7(), self.practitioner
        command = StartTemplate(id=template_id, name=name, summary="For us", template="coaching")
        with self._as(who) as tx:
            templates.start_template(tx, self.ring, command, actor=who, now=utc_now())
        return template_id

    @contextmanager
    def _as(self, actor: Actor) -> Iterator[Session]:
        database = Database(self.product.environment["PLANS_DATABASE_URL"], pool_size=1)
        with database.transaction(actor) as tx:
            yield tx
        database.engine.dispose()
