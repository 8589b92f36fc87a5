"""Intake by who comes: kept while it is filled in, given, corrected; written and never read by
the holder of a link (docs/adr/0023)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.common.database import enter_practice
from services.common.errors import Busy, DifferentContent, NotFound
from services.contracts.plans.content import Party
from services.contracts.plans.intake import (
    GetIntake,
    IntakeStateView,
    IntakeView,
    KeepIntake,
    SubmitIntake,
)
from services.contracts.plans.questionnaire import FormAnswer, FormQuestion, FormView
from services.contracts.plans.refusals import IntakeChanged, IntakeClosed, IntakeIncomplete
from services.plans.adapters.appointments import Appointment
from services.plans.domain.intake import may_write
from services.plans.domain.questionnaire import fitting, merged, misfits, missing
from services.plans.models import GivenAnswers, Intake, IntakeForm
from services.plans.operations.charts import Looker, OpenChart, chart_of, open_chart
from services.plans.operations.intake_parts import (
    DRAFT,
    GIVEN,
    SEALED_ONCE,
    Standing,
    Told,
    answers_of,
    consent_views,
    given_views,
    kept_of,
    states,
)
from services.plans.operations.intake_setup import form_view
from services.plans.operations.sealing import KeyRing
from services.plans.queries import charts
from services.plans.queries import intake as queries


def get_state(tx: Session, who: Appointment, *, now: datetime) -> IntakeStateView:
    """Where the intake stands; nothing clinical is opened."""
    enter_practice(tx, who.practice_id)
    return _state_view(_standing(tx, who), who, now)


def get_intake(
    tx: Session, ring: KeyRing, command: GetIntake, who: Appointment, *, now: datetime
) -> IntakeView:
    """The intake as who comes may see it; NotFound for a version that was never published."""
    enter_practice(tx, who.practice_id)
    seen = _view(tx, ring, who, now)
    if command.form_number is None:
        return seen
    form = form_view(_published(tx, who, command.form_number))
    return seen.model_copy(update={"form": form})


def keep_intake(
    tx: Session, ring: KeyRing, command: KeepIntake, who: Appointment, *, now: datetime
) -> IntakeView:
    """Keep what is answered so far; what does not fit is not kept, and named.

    Raises IntakeClosed, IntakeChanged, IntakeIncomplete (for what does not fit), NotFound for a
    version that was never published.
    """
    form, chart, intake = _opened(tx, ring, command.form_number, who, now)
    _check_open(tx, who, now)
    _check_fresh(intake, command.revision, command.page_id)
    questions = form_view(form).questions
    _check(misfits(questions, command.answers))
    answers = _answers(chart, intake, who, questions, command.answers)
    _keep(chart, intake, form, command.page_id, answers)
    return _view(tx, ring, who, now)


def submit_intake(
    tx: Session, ring: KeyRing, command: SubmitIntake, who: Appointment, *, now: datetime
) -> IntakeView:
    """Give the answers; the same again changes nothing, a correction is added.

    Raises IntakeIncomplete, IntakeClosed, IntakeChanged, DifferentContent, NotFound.
    """
    form, chart, intake = _opened(tx, ring, command.form_number, who, now)
    questions = form_view(form).questions
    earlier = queries.given_by_id(tx, who.practice_id, command.id)
    if earlier is not None:
        _check_same(chart, earlier, intake, form, fitting(questions, command.answers))
        return _view(tx, ring, who, now)
    _check_open(tx, who, now)
    _check_fresh(intake, command.revision, command.id)
    answers = _answers(chart, intake, who, questions, command.answers)
    _check(missing(questions, answers) | misfits(questions, command.answers))
    _give(chart, intake, form, command.id, answers)
    return _view(tx, ring, who, now)


def looker_of(who: Appointment) -> Looker:
    """Who comes, as the one who opens the chart."""
    if who.is_link:
        return Looker(Party.CLIENT, None, None, booking_id=who.booking_id)
    return Looker(Party.CLIENT, who.account_id, None)


def begun(tx: Session, ring: KeyRing, who: Appointment, now: datetime) -> tuple[OpenChart, Intake]:
    """The client's chart and intake, locked; made where there are none yet."""
    found = chart_of(tx, ring, who.practice_id, who.client_id, who.account_id, now=now)
    first = insert(Intake).values(
        practice_id=who.practice_id,
        id=uuid7(),
        chart_id=found.id,
        client_id=who.client_id,
        account_id=found.account_id,
        draft_revision=0,
    )
    tx.execute(first.on_conflict_do_nothing(constraint="intakes_one_per_client"))
    intake = queries.lock_intake(tx, who.practice_id, who.client_id)
    return open_chart(tx, ring, found, looker_of(who), now=now), intake


def _opened(
    tx: Session, ring: KeyRing, form_number: int, who: Appointment, now: datetime
) -> tuple[IntakeForm, OpenChart, Intake]:
    enter_practice(tx, who.practice_id)
    form = _published(tx, who, form_number)
    chart, intake = begun(tx, ring, who, now)
    return form, chart, intake


def _published(tx: Session, who: Appointment, number: int) -> IntakeForm:
    found = queries.form(tx, who.practice_id, number)
    if found is None:
        raise NotFound("There is no such form.")
    return found


def _check_open(tx: Session, who: Appointment, now: datetime) -> None:
    if not get_state(tx, who, now=now).may_write:
        raise IntakeClosed("Answers are not taken any more.")


def _check_fresh(intake: Intake, revision: int | None, page_id: UUID | None) -> None:
    """The page goes on with its own draft, or nothing was kept and given since it was read."""
    is_own = page_id is not None and intake.draft_page_id == page_id
    if revision is not None and not is_own and intake.draft_revision != revision:
        raise IntakeChanged("Answers were kept or given elsewhere since.")


def _check(flaws: dict[UUID, str]) -> None:
    if flaws:
        told = {str(id_): words for id_, words in flaws.items()}
        raise IntakeIncomplete("Some answers need another look.", told)


def _answers(
    chart: OpenChart,
    intake: Intake,
    who: Appointment,
    questions: Sequence[FormQuestion],
    new: Sequence[FormAnswer],
) -> list[FormAnswer]:
    """What counts now: what was sent, and for who does not read what they kept, that as well."""
    if not who.is_link:
        return fitting(questions, new)
    return merged(questions, kept_of(chart, intake), new)


def _keep(
    chart: OpenChart,
    intake: Intake,
    form: IntakeForm,
    page_id: UUID | None,
    answers: list[FormAnswer],
) -> None:
    revision = intake.draft_revision + 1
    intake.draft = chart.seal(Told(answers=answers), DRAFT, intake.id, revision)
    intake.draft_revision, intake.draft_page_id = revision, page_id
    intake.form_number = form.number
    chart.tx.flush()


def _give(
    chart: OpenChart, intake: Intake, form: IntakeForm, id_: UUID, answers: list[FormAnswer]
) -> None:
    row = GivenAnswers(
        practice_id=intake.practice_id,
        id=id_,
        intake_id=intake.id,
        chart_id=intake.chart_id,
        number=len(queries.given(chart.tx, intake)) + 1,
        form_number=form.number,
        sealed=chart.seal(Told(answers=answers), GIVEN, id_, SEALED_ONCE),
        given_at=chart.now,
    )
    intake.draft = intake.draft_page_id = None
    intake.draft_revision += 1
    chart.tx.add(row)
    try:
        chart.tx.flush()
    except IntegrityError:
        raise Busy("Please try again in a moment.") from None


def _check_same(
    chart: OpenChart,
    earlier: GivenAnswers,
    intake: Intake,
    form: IntakeForm,
    answers: list[FormAnswer],
) -> None:
    """Whether an act that came again is the same; what a link's holder had kept before counts
    to it, so theirs may say less."""
    if earlier.intake_id != intake.id:
        raise NotFound("There is no such intake.")
    said = {one.question_id: one for one in answers_of(chart, earlier)}
    is_told = all(said.get(one.question_id) == one for one in answers)
    is_whole = chart.looker.booking_id is not None or len(said) == len(answers)
    if earlier.form_number != form.number or not is_told or not is_whole:
        raise DifferentContent("This id was used for other answers.")


def _standing(tx: Session, who: Appointment) -> Standing:
    return states(tx, who.practice_id, [who.client_id])[who.client_id]


def _state_view(seen: Standing, who: Appointment, now: datetime) -> IntakeStateView:
    may = may_write(who.state, who.starts_at, is_given=seen.is_given, is_link=who.is_link, now=now)
    return IntakeStateView(state=seen.state, is_given=seen.is_given, may_write=may)


def _view(tx: Session, ring: KeyRing, who: Appointment, now: datetime) -> IntakeView:
    standing = _standing(tx, who)
    stands = _state_view(standing, who, now)
    chart, intake = _found(tx, ring, who, now)
    kept = kept_of(chart, intake) if chart and intake else []
    may_read = not who.is_link
    given = given_views(chart, intake) if chart and intake and may_read else []
    corrected = [] if kept or not given else given[0].answers
    number = given[0].form.number if given else None
    return IntakeView(
        practice_id=who.practice_id,
        practitioner_id=who.practitioner_id,
        starts_at=who.starts_at,
        state=stands.state,
        is_given=stands.is_given,
        may_read=may_read,
        may_write=stands.may_write,
        form=_form(tx, who, intake, number) if standing.has_form else None,
        answers=(kept or corrected) if may_read else [],
        answered=[one.question_id for one in kept],
        given=given,
        consents=consent_views(tx, who.practice_id, who.client_id),
        revision=intake.draft_revision if intake else 0,
    )


def _found(
    tx: Session, ring: KeyRing, who: Appointment, now: datetime
) -> tuple[OpenChart | None, Intake | None]:
    intake = queries.intake_of_client(tx, who.practice_id, who.client_id)
    if intake is None:
        return None, None
    chart = charts.chart(tx, who.practice_id, intake.chart_id)
    return open_chart(tx, ring, chart, looker_of(who), now=now), intake


def _form(
    tx: Session, who: Appointment, intake: Intake | None, given: int | None
) -> FormView | None:
    """The version to fill in: that of the draft, else of what is corrected, else the newest."""
    is_kept = intake is not None and intake.draft is not None
    number = intake.form_number if intake is not None and is_kept else given
    if number is None:
        found = queries.newest_form(tx, who.practice_id)
    else:
        found = queries.form(tx, who.practice_id, number)
    return form_view(found) if found else None
