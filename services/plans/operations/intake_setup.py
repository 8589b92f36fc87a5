"""What a practice asks before a first session: edited as a draft, published in versions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Busy, DifferentContent, Forbidden, NotFound
from services.contracts.plans.intake_setup import (
    FormLine,
    GetIntakeForm,
    IntakeSetupView,
    PublishConsentText,
    PublishIntakeForm,
    SaveIntakeDraft,
)
from services.contracts.plans.questionnaire import ConsentTextView, FormQuestion, FormView
from services.contracts.plans.refusals import FormChanged, FormNotReady
from services.plans.catalogue.intake import first_questions, suggested_texts
from services.plans.domain.questionnaire import asked
from services.plans.models import ConsentText, IntakeDraft, IntakeForm
from services.plans.models.intake import Asked
from services.plans.queries import intake as queries

KEEPERS = frozenset({"owner", "admin"})


def is_keeper(actor: Actor) -> bool:
    """Whether the actor keeps the form by their role."""
    return bool(actor.roles & KEEPERS)


def may_be_alone(actor: Actor) -> bool:
    """Whether the actor keeps the form if nobody else works in their practice."""
    return actor.practice_id is not None and "practitioner" in actor.roles


def check_keeps(actor: Actor, *, may_keep: bool) -> UUID:
    """The practice whose form the actor keeps, by their role or alone in it.

    Raises NotFound for who is no member, Forbidden for members who do not.
    """
    if actor.kind != "person" or actor.practice_id is None or not actor.roles:
        raise NotFound("There is no such practice.")
    if not may_keep:
        raise Forbidden("The form is kept by the owner and the admins of a practice.")
    return actor.practice_id


def get_setup(tx: Session, practice_id: UUID, *, now: datetime) -> IntakeSetupView:
    """What the practice asks; a draft to begin from where there is none yet."""
    return _view(tx, _draft(tx, practice_id, now))


def get_form(tx: Session, command: GetIntakeForm, practice_id: UUID) -> FormView:
    """One published version; raises NotFound."""
    found = queries.form(tx, practice_id, command.number)
    if found is None:
        raise NotFound("There is no such version.")
    return form_view(found)


def save_draft(
    tx: Session, command: SaveIntakeDraft, practice_id: UUID, *, now: datetime
) -> IntakeSetupView:
    """Write the draft anew; the same again changes nothing. Raises FormChanged."""
    draft, told = _draft(tx, practice_id, now), _as_json(command.questions)
    if len({one.id for one in command.questions}) < len(command.questions):
        raise DifferentContent("Two questions have the same id.")
    if told != draft.questions:
        _check_fresh(draft, command.revision)
        draft.questions, draft.changed_at = told, now
        draft.revision += 1
        tx.flush()
    return _view(tx, draft)


def publish_form(
    tx: Session, command: PublishIntakeForm, practice_id: UUID, *, now: datetime
) -> IntakeSetupView:
    """Make the draft the next version. Raises FormChanged, FormNotReady.

    Sent twice it finds nothing else to publish and answers the same.
    """
    draft = _draft(tx, practice_id, now)
    _check_fresh(draft, command.revision)
    if not asked(_questions(draft.questions)):
        raise FormNotReady("The form asks nothing yet.")
    newest = queries.newest_form(tx, practice_id)
    if newest is None or newest.questions != draft.questions:
        form = IntakeForm(
            practice_id=practice_id,
            number=newest.number + 1 if newest else 1,
            questions=draft.questions,
            published_at=now,
        )
        tx.add(form)
        tx.flush()
    return _view(tx, draft)


def publish_text(
    tx: Session, command: PublishConsentText, practice_id: UUID, *, now: datetime
) -> IntakeSetupView:
    """Make a text the next version of its kind; the same id again changes nothing.

    Raises DifferentContent.
    """
    draft = _draft(tx, practice_id, now)
    earlier = queries.text(tx, practice_id, command.id)
    if earlier is None:
        _add_text(tx, command, practice_id, now)
    elif _content(earlier) != _content(command):
        raise DifferentContent("This id was used for another text.")
    return _view(tx, draft)


def form_view(form: IntakeForm) -> FormView:
    """A published version."""
    questions = _questions(form.questions)
    return FormView(number=form.number, published_at=form.published_at, questions=questions)


def text_view(text: ConsentText) -> ConsentTextView:
    """A version of a text."""
    return ConsentTextView.model_validate(text, from_attributes=True)


def _draft(tx: Session, practice_id: UUID, now: datetime) -> IntakeDraft:
    """The practice's draft, locked, so that changes of what it asks come one after the other."""
    first = insert(IntakeDraft).values(
        practice_id=practice_id, questions=_as_json(first_questions()), revision=1, changed_at=now
    )
    tx.execute(first.on_conflict_do_nothing())
    return queries.lock_draft(tx, practice_id)


def _check_fresh(draft: IntakeDraft, revision: int) -> None:
    if draft.revision != revision:
        raise FormChanged("The form was changed in the meantime.")


def _add_text(tx: Session, command: PublishConsentText, practice_id: UUID, now: datetime) -> None:
    same_kind = [one for one in queries.texts(tx, practice_id) if one.kind == command.kind]
    text = ConsentText(
        practice_id=practice_id,
        id=command.id,
        kind=command.kind.value,
        number=max((one.number for one in same_kind), default=0) + 1,
        title=command.title,
        body=command.body,
        is_required=command.is_required,
        published_at=now,
    )
    tx.add(text)
    try:
        tx.flush()
    except IntegrityError:
        raise Busy("Please try again in a moment.") from None


def _content(text: ConsentText | PublishConsentText) -> tuple[str, str, str, bool]:
    return (str(text.kind), text.title, text.body, text.is_required)


def _view(tx: Session, draft: IntakeDraft) -> IntakeSetupView:
    forms = queries.forms(tx, draft.practice_id)
    return IntakeSetupView(
        questions=_questions(draft.questions),
        revision=draft.revision,
        is_changed=not forms or forms[0].questions != draft.questions,
        versions=[_line(one) for one in forms],
        texts=[text_view(one) for one in queries.texts(tx, draft.practice_id)],
        suggested=suggested_texts(),
    )


def _line(form: IntakeForm) -> FormLine:
    count = len(asked(_questions(form.questions)))
    return FormLine(number=form.number, published_at=form.published_at, question_count=count)


def _questions(told: Asked) -> list[FormQuestion]:
    return [FormQuestion.model_validate(one) for one in told]


def _as_json(questions: Sequence[FormQuestion]) -> Asked:
    return [one.model_dump(mode="json") for one in questions]
