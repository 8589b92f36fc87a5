"""Samples of what plans offers before a first session."""

from datetime import date

from pydantic import BaseModel

from services.contracts.plans.intake import (
    ClientIntakeView,
    ConsentView,
    GetClientIntake,
    GetIntake,
    GetIntakeDue,
    GetIntakeState,
    GivenView,
    IntakeDueView,
    IntakeState,
    IntakeStatesView,
    IntakeStateView,
    IntakeView,
    KeepIntake,
    ListIntakeAccesses,
    ListIntakeStates,
    ListOwnIntakes,
    OwnIntakesView,
    OwnIntakeView,
    SignConsents,
    StateOfClient,
    SubmitIntake,
    WithdrawConsent,
)
from services.contracts.plans.intake_setup import (
    FormLine,
    GetIntakeForm,
    GetIntakeSetup,
    IntakeSetupView,
    PublishConsentText,
    PublishIntakeForm,
    SaveIntakeDraft,
    SuggestedText,
)
from services.contracts.plans.questionnaire import (
    ConsentKind,
    ConsentTextView,
    FormAnswer,
    FormQuestion,
    FormView,
    QuestionKind,
)
from tests.contracts.samples.values import (
    BOOKING,
    CLIENT,
    LATER,
    OCCURRED,
    PRACTICE,
    PRACTITIONER,
    an_id,
)

TEXT = an_id(41)
QUESTIONS = [
    FormQuestion(
        id=an_id(42),
        kind=QuestionKind.YES_NO,
        label="Have you been in therapy before?",
        help="Only if you like.",
        is_required=True,
        follow_up="What helped?",
    ),
    FormQuestion(
        id=an_id(43),
        kind=QuestionKind.MULTIPLE_CHOICE,
        label="When could you come?",
        options=["Mornings", "Evenings"],
    ),
    FormQuestion(id=an_id(44), kind=QuestionKind.DATE, label="Since when?"),
    FormQuestion(id=an_id(45), kind=QuestionKind.SCALE, label="How are you?"),
]
ANSWERS = [
    FormAnswer(question_id=an_id(42), is_yes=True, text="To talk"),
    FormAnswer(question_id=an_id(43), chosen=["Evenings"]),
    FormAnswer(question_id=an_id(44), on=date(2026, 3, 8)),
    FormAnswer(question_id=an_id(45), points=4),
]
FORM = FormView(number=2, published_at=OCCURRED, questions=QUESTIONS)
GIVEN = GivenView(number=1, form=FORM, answers=ANSWERS, given_at=LATER)
KIND, TITLE, BODY = ConsentKind.TREATMENT, "Agreement", "We work together."
CONSENT_TEXT = ConsentTextView(
    id=TEXT,
    kind=KIND,
    number=1,
    title=TITLE,
    body=BODY,
    is_required=True,
    published_at=OCCURRED,
)
CONSENT = ConsentView(text=CONSENT_TEXT, is_current=True, signed_at=OCCURRED, withdrawn_at=LATER)
LINE = FormLine(number=2, published_at=OCCURRED, question_count=4)
SUGGESTED = SuggestedText(kind=KIND, title=TITLE, body=BODY)
STATE = StateOfClient(client_id=CLIENT, state=IntakeState.OPEN)
OWN = OwnIntakeView(practice_id=PRACTICE, state=IntakeState.OPEN)

COMMANDS: list[BaseModel] = [
    GetIntakeSetup(),
    GetIntakeForm(number=1),
    SaveIntakeDraft(revision=3, questions=QUESTIONS),
    PublishIntakeForm(revision=4),
    PublishConsentText(id=TEXT, kind=KIND, title=TITLE, body=BODY, is_required=True),
    GetIntake(booking_id=BOOKING),
    GetIntakeState(booking_id=BOOKING),
    KeepIntake(booking_id=BOOKING, form_number=2, answers=ANSWERS),
    SubmitIntake(id=an_id(46), booking_id=BOOKING, form_number=2, answers=ANSWERS),
    SignConsents(booking_id=BOOKING, text_ids=[TEXT]),
    WithdrawConsent(booking_id=BOOKING, text_id=TEXT),
    ListIntakeAccesses(booking_id=BOOKING),
    ListOwnIntakes(practice_ids=[PRACTICE]),
    GetClientIntake(client_id=CLIENT),
    ListIntakeStates(client_ids=[CLIENT]),
    GetIntakeDue(client_id=CLIENT),
]

VIEWS: list[BaseModel] = [
    *(QUESTIONS[0], ANSWERS[0], FORM, CONSENT_TEXT, GIVEN, CONSENT, LINE, SUGGESTED, STATE, OWN),
    IntakeSetupView(
        questions=QUESTIONS,
        revision=3,
        is_changed=True,
        versions=[LINE],
        texts=[CONSENT_TEXT],
        suggested=[SUGGESTED],
    ),
    IntakeView(
        practice_id=PRACTICE,
        practitioner_id=PRACTITIONER,
        starts_at=LATER,
        state=IntakeState.COMPLETE,
        is_given=True,
        may_read=True,
        may_write=True,
        form=FORM,
        answers=ANSWERS,
        answered=[an_id(42)],
        given=[GIVEN],
        consents=[CONSENT],
    ),
    IntakeStateView(state=IntakeState.OPEN, is_given=True, may_write=True),
    OwnIntakesView(intakes=[OWN]),
    ClientIntakeView(
        client_id=CLIENT,
        state=IntakeState.OPEN,
        given=[GIVEN],
        consents=[CONSENT],
        may_keep_form=True,
    ),
    IntakeStatesView(states=[STATE]),
    IntakeDueView(is_due=True),
]
