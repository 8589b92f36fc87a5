"""A client's answers before a first session, with a word of ours in each field that holds words."""

from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.rpc.client import Caller
from services.contracts.plans.intake import (
    ClientIntakeView,
    GetClientIntake,
    IntakeView,
    KeepIntake,
    SubmitIntake,
)
from services.contracts.plans.intake_setup import (
    GetIntakeSetup,
    IntakeSetupView,
    PublishIntakeForm,
    SaveIntakeDraft,
)
from services.contracts.plans.questionnaire import FormAnswer, FormQuestion, QuestionKind
from services.contracts.plans.refusals import IntakeIncomplete

SHORT, LONG, YES_NO = QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT, QuestionKind.YES_NO
FIELDS = ("short", "long", "followed", "kept")
QUESTIONS = [
    FormQuestion(id=uuid4(), kind=SHORT, label="In a line?"),
    FormQuestion(id=uuid4(), kind=LONG, label="In some lines?"),
    FormQuestion(id=uuid4(), kind=YES_NO, label="Yes or no?", follow_up="Which?"),
]


def publish(gateway: Caller, owner: Actor) -> None:
    """The practice asks these questions."""
    asked = GetIntakeSetup()
    seen = gateway.call("plans", "get_intake_setup", asked, owner, IntakeSetupView)
    draft = SaveIntakeDraft(revision=seen.revision, questions=QUESTIONS)
    seen = gateway.call("plans", "save_intake_draft", draft, owner, IntakeSetupView)
    form = PublishIntakeForm(revision=seen.revision)
    gateway.call("plans", "publish_intake_form", form, owner, IntakeSetupView)


def answer(
    gateway: Caller, link: Actor, booking_id: UUID, words: dict[str, str], malformed: str
) -> str:
    """Keep one answer, be refused another, give them all. What the refusal told."""
    kept = [FormAnswer(question_id=QUESTIONS[1].id, text=words["kept"])]
    keep = KeepIntake(booking_id=booking_id, form_number=1, answers=kept)
    gateway.call("plans", "keep_intake", keep, link, IntakeView)
    flawed = [FormAnswer(question_id=QUESTIONS[0].id, text=f"{malformed}\nand more")]
    wrong = keep.model_copy(update={"answers": flawed})
    with pytest.raises(IntakeIncomplete) as refused:
        gateway.call("plans", "keep_intake", wrong, link, IntakeView)
    told = zip(QUESTIONS, FIELDS, strict=False)
    answers = [
        FormAnswer(
            question_id=one.id, text=words[name], is_yes=True if one.kind is YES_NO else None
        )
        for one, name in told
    ]
    give = SubmitIntake(id=uuid7(), booking_id=booking_id, form_number=1, answers=answers)
    seen = gateway.call("plans", "submit_intake", give, link, IntakeView)
    return f"{refused.value.message}{refused.value.detail}{seen.model_dump_json()}"


def read(gateway: Caller, practitioner: Actor, client_id: UUID) -> str:
    """What who treats the client reads."""
    asked = GetClientIntake(client_id=client_id)
    seen = gateway.call("plans", "get_client_intake", asked, practitioner, ClientIntakeView)
    return seen.model_dump_json()
