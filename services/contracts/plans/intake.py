"""What a client answers and signs before the first session, and who learns of it."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Instant, View
from services.contracts.base import Ids
from services.contracts.plans.questionnaire import Answers, ConsentTextView, FormAnswer, FormView

Number = Annotated[int, Field(ge=1)]
Revision = Annotated[int, Field(ge=0)]


class IntakeState(StrEnum):
    """Whether all is there that the practice asks of a client. `not_asked`: nothing."""

    NOT_ASKED = "not_asked"
    OPEN = "open"
    COMPLETE = "complete"


class GetIntake(Command):
    """The intake of who comes to a booking, for them: by their account or by the booking's link.

    `form_number`: the version that a page shows; without it, the one that is to be filled in.
    """

    booking_id: UUID
    form_number: Number | None = None


class GetIntakeState(Command):
    """The same without what was answered."""

    booking_id: UUID


class KeepIntake(Command):
    """Keep what is answered so far. `form_number`: the version that was shown.

    `revision`: that of the intake when the page was read; `page_id`, minted by the caller, names
    the page, whose own drafts never stand against each other. Without them nothing is compared.
    """

    booking_id: UUID
    form_number: Number
    answers: Answers
    revision: Revision | None = None
    page_id: UUID | None = None


class SubmitIntake(Command):
    """Give the answers to the practice. `id`, minted by the caller, names this act, and the page
    that may have kept them before; `revision` as in KeepIntake.
    """

    id: UUID
    booking_id: UUID
    form_number: Number
    answers: Answers
    revision: Revision | None = None


class SignConsents(Command):
    """Sign these versions of the practice's texts, which were read."""

    booking_id: UUID
    text_ids: Annotated[list[UUID], Field(min_length=1, max_length=8)]


class WithdrawConsent(Command):
    """Take back what was signed; that it was signed stays written."""

    booking_id: UUID
    text_id: UUID


class ListIntakeAccesses(Command):
    """Who read and wrote the chart of who comes to a booking, in pages; for the client's account.

    `before`: the `earlier` of the page that goes before.
    """

    booking_id: UUID
    before: Instant | None = None


class ListOwnIntakes(Command):
    """Where the actor's intake stands, as a client of these practices."""

    practice_ids: Ids


class GetClientIntake(Command):
    """A client's intake, for a practitioner who treats them."""

    client_id: UUID


class ListIntakeStates(Command):
    """Whether the intake of these clients is complete; for the practice's staff, nothing more."""

    client_ids: Ids


class GetIntakeDue(Command):
    """Whether a client still owes their intake; for the mail that reminds of it."""

    client_id: UUID


class GivenView(View):
    """Answers as they were given, in words of the form's version of then."""

    number: int
    form: FormView
    answers: list[FormAnswer]
    given_at: Instant


class ConsentView(View):
    """A text, and whether the client stands by it: signed, and not withdrawn since.

    `is_current`: no newer version took its place.
    """

    text: ConsentTextView
    is_current: bool
    signed_at: Instant | None
    withdrawn_at: Instant | None


class IntakeView(View):
    """An intake as who comes sees it. A link's holder writes and never reads: `may_read`.

    `form` with `answers`: what to fill in, filled with what is kept; `answered` names the
    questions for which something is kept, `given` what the practice has. `starts_at` is the
    booking's session, until which answers can be corrected. `revision` counts what was kept and
    given.
    """

    practice_id: UUID
    practitioner_id: UUID
    starts_at: Instant
    state: IntakeState
    is_given: bool
    may_read: bool
    may_write: bool
    form: FormView | None
    answers: list[FormAnswer]
    answered: list[UUID]
    given: list[GivenView]
    consents: list[ConsentView]
    revision: int = 0


class IntakeStateView(View):
    """Where the intake of one who comes stands. `is_given`: the form is answered."""

    state: IntakeState
    is_given: bool = False
    may_write: bool = False


class OwnIntakeView(View):
    """Where the actor's intake in one practice stands."""

    practice_id: UUID
    state: IntakeState


class OwnIntakesView(View):
    """One for each practice that was named."""

    intakes: list[OwnIntakeView]


class ClientIntakeView(View):
    """A client's intake as their practitioner reads it: what was given, the latest first.

    `may_keep_form`: whether the practitioner keeps what their practice asks.
    """

    client_id: UUID
    state: IntakeState
    given: list[GivenView]
    consents: list[ConsentView]
    may_keep_form: bool = False


class StateOfClient(View):
    """Whether a client's intake is complete."""

    client_id: UUID
    state: IntakeState


class IntakeStatesView(View):
    """One for each client that the actor may know of."""

    states: list[StateOfClient]


class IntakeDueView(View):
    """Whether something is still asked of the client."""

    is_due: bool
