"""A practice that asks before a first session, and who comes: on the real database."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from services.common.auth import Actor, service_actor
from services.contracts.booking.bookings import BookingState
from services.contracts.plans.intake import (
    ClientIntakeView,
    GetIntake,
    GetIntakeDue,
    IntakeStateView,
    IntakeView,
    KeepIntake,
    ListIntakeStates,
    ListOwnIntakes,
    SignConsents,
    StateOfClient,
    SubmitIntake,
    WithdrawConsent,
)
from services.contracts.plans.intake_setup import (
    GetIntakeForm,
    IntakeSetupView,
    PublishConsentText,
    PublishIntakeForm,
    SaveIntakeDraft,
)
from services.contracts.plans.questionnaire import ConsentKind, FormAnswer, FormQuestion, FormView
from services.contracts.plans.views import AccessView
from services.plans.adapters.appointments import Appointment
from services.plans.adapters.people import Treated
from services.plans.operations import consents, intake, intake_reading, intake_setup
from tests.integration.plans.desk import NOW, Desk

TEXT = "Wiedehopfstein: I sleep badly since the move"
FOLLOWED = "Rotmilanfeld: it helped to talk"
STARTS = NOW + timedelta(days=3)


@dataclass
class Reception:
    """What the practice asks, and what one who comes to its session does with it."""

    desk: Desk
    booking_id: UUID = field(default_factory=uuid4)
    is_link: bool = False
    state: BookingState = BookingState.CONFIRMED
    now: datetime = NOW

    @property
    def keeper(self) -> Actor:
        return replace(self.desk.practitioner, account_id=uuid4(), roles=frozenset({"owner"}))

    @property
    def who(self) -> Appointment:
        return Appointment(
            booking_id=self.booking_id,
            practice_id=self.desk.practice_id,
            practitioner_id=self.desk.practitioner_id,
            client_id=self.desk.client_id,
            account_id=self.desk.client_account,
            starts_at=STARTS,
            state=self.state,
            is_link=self.is_link,
        )

    @property
    def actor(self) -> Actor:
        """Who comes: by their account within no practice, or by the booking's link."""
        if self.is_link:
            practice_id = self.desk.practice_id
            return Actor(kind="link", booking_id=self.booking_id, practice_id=practice_id)
        return self.desk.client

    def by_link(self) -> "Reception":
        return replace(self, is_link=True)

    # --- the practice

    def setup(self) -> IntakeSetupView:
        with self.desk.database.transaction(self.keeper) as tx:
            return intake_setup.get_setup(tx, self.desk.practice_id, now=NOW)

    def edit(self, questions: Iterable[FormQuestion], revision: int = 0) -> IntakeSetupView:
        command = SaveIntakeDraft(
            revision=revision or self.setup().revision, questions=list(questions)
        )
        with self.desk.database.transaction(self.keeper) as tx:
            return intake_setup.save_draft(tx, command, self.desk.practice_id, now=NOW)

    def publish(self, revision: int = 0) -> IntakeSetupView:
        command = PublishIntakeForm(revision=revision or self.setup().revision)
        with self.desk.database.transaction(self.keeper) as tx:
            return intake_setup.publish_form(tx, command, self.desk.practice_id, now=NOW)

    def form(self, number: int) -> FormView:
        with self.desk.database.transaction(self.keeper) as tx:
            command = GetIntakeForm(number=number)
            return intake_setup.get_form(tx, command, self.desk.practice_id)

    def publish_text(self, body: str = "We work together.", **changes: object) -> IntakeSetupView:
        told = {"id": uuid7(), "kind": ConsentKind.TREATMENT, "title": "Agreement", "body": body}
        command = PublishConsentText.model_validate(told | changes)
        with self.desk.database.transaction(self.keeper) as tx:
            return intake_setup.publish_text(tx, command, self.desk.practice_id, now=NOW)

    # --- who comes

    def stands(self) -> IntakeStateView:
        with self.desk.database.transaction(self.actor) as tx:
            return intake.get_state(tx, self.who, now=self.now)

    def read(self, number: int | None = None) -> IntakeView:
        command = GetIntake(booking_id=self.booking_id, form_number=number)
        with self.desk.database.transaction(self.actor) as tx:
            return intake.get_intake(tx, self.desk.ring, command, self.who, now=self.now)

    def keep(
        self,
        answers: Iterable[FormAnswer],
        number: int = 1,
        revision: int | None = None,
        page_id: UUID | None = None,
    ) -> IntakeView:
        command = KeepIntake(
            booking_id=self.booking_id,
            form_number=number,
            answers=list(answers),
            revision=revision,
            page_id=page_id,
        )
        with self.desk.database.transaction(self.actor) as tx:
            return intake.keep_intake(tx, self.desk.ring, command, self.who, now=self.now)

    def submit(
        self,
        answers: Iterable[FormAnswer],
        number: int = 1,
        id_: UUID | None = None,
        revision: int | None = None,
    ) -> IntakeView:
        command = SubmitIntake(
            id=id_ or uuid7(),
            booking_id=self.booking_id,
            form_number=number,
            answers=list(answers),
            revision=revision,
        )
        with self.desk.database.transaction(self.actor) as tx:
            return intake.submit_intake(tx, self.desk.ring, command, self.who, now=self.now)

    def sign(self, *text_ids: UUID) -> IntakeView:
        asked = [one.text.id for one in self.read().consents if one.is_current]
        command = SignConsents(booking_id=self.booking_id, text_ids=list(text_ids) or asked)
        with self.desk.database.transaction(self.actor) as tx:
            return consents.sign_consents(tx, self.desk.ring, command, self.who, now=self.now)

    def withdraw(self, text_id: UUID) -> IntakeView:
        command = WithdrawConsent(booking_id=self.booking_id, text_id=text_id)
        with self.desk.database.transaction(self.actor) as tx:
            return consents.withdraw_consent(tx, self.desk.ring, command, self.who, now=self.now)

    # --- others

    def read_as_practitioner(self) -> ClientIntakeView:
        treated = Treated(self.desk.client_id, self.desk.practitioner_id, self.desk.client_account)
        actor = self.desk.practitioner
        with self.desk.database.transaction(actor) as tx:
            return intake_reading.get_client_intake(
                tx, self.desk.ring, treated, actor=actor, now=NOW
            )

    def states(self, actor: Actor, treated: set[UUID] | None = None) -> list[StateOfClient]:
        command = ListIntakeStates(client_ids=[self.desk.client_id])
        with self.desk.database.transaction(actor) as tx:
            found = intake_reading.list_states(tx, command, actor=actor, treated=treated or set())
            return found.states

    def at_home(self) -> str:
        command = ListOwnIntakes(practice_ids=[self.desk.practice_id])
        with self.desk.database.transaction(self.desk.client) as tx:
            asking = intake_reading.asking(tx, command, actor=self.desk.client)
            clients = dict.fromkeys(asking, self.desk.client_id)
            found = intake_reading.list_own(tx, command, clients, actor=self.desk.client)
            return found.intakes[0].state

    def is_due(self) -> bool:
        notify = service_actor("notify", self.desk.practice_id, "due:1")
        with self.desk.database.transaction(notify) as tx:
            command = GetIntakeDue(client_id=self.desk.client_id)
            return intake_reading.get_due(tx, command, actor=notify).is_due

    def looks(self) -> list[AccessView]:
        with self.desk.database.transaction(self.actor) as tx:
            return intake_reading.list_accesses(tx, self.who).accesses


def answers_to(questions: Iterable[FormQuestion], text: str = TEXT) -> list[FormAnswer]:
    """Every question of the form that a practice starts from, answered."""
    said: dict[str, dict[str, object]] = {
        "short_text": {"text": text},
        "long_text": {"text": text},
        "yes_no": {"is_yes": True, "text": FOLLOWED},
        "scale": {"points": 4},
    }
    asked = [one for one in questions if one.kind in said]
    return [FormAnswer.model_validate({"question_id": one.id} | said[one.kind]) for one in asked]
