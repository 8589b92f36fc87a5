"""What practices ask, what clients gave and signed. The transaction is the practice's."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from services.contracts.booking.bookings import Attendance
from services.plans.models import (
    Consent,
    ConsentText,
    GivenAnswers,
    Intake,
    IntakeDraft,
    IntakeForm,
    KnownSession,
)


def lock_draft(tx: Session, practice_id: UUID) -> IntakeDraft:
    """The form being edited, for this transaction alone."""
    query = select(IntakeDraft).where(IntakeDraft.practice_id == practice_id)
    return tx.execute(query.with_for_update()).scalar_one()


def forms(tx: Session, practice_id: UUID) -> Sequence[IntakeForm]:
    """All published versions, the newest first."""
    query = select(IntakeForm).where(IntakeForm.practice_id == practice_id)
    return tx.scalars(query.order_by(IntakeForm.number.desc())).all()


def newest_form(tx: Session, practice_id: UUID) -> IntakeForm | None:
    """The version that clients are asked now."""
    query = select(IntakeForm).where(IntakeForm.practice_id == practice_id)
    return tx.scalar(query.order_by(IntakeForm.number.desc()).limit(1))


def form(tx: Session, practice_id: UUID, number: int) -> IntakeForm | None:
    """One published version."""
    return tx.get(IntakeForm, (practice_id, number))


def texts(tx: Session, practice_id: UUID) -> Sequence[ConsentText]:
    """Every version of every text, by kind, the newest first."""
    query = select(ConsentText).where(ConsentText.practice_id == practice_id)
    return tx.scalars(query.order_by(ConsentText.kind, ConsentText.number.desc())).all()


def text(tx: Session, practice_id: UUID, text_id: UUID) -> ConsentText | None:
    """One version of a text."""
    return tx.get(ConsentText, (practice_id, text_id))


def intake_of_client(tx: Session, practice_id: UUID, client_id: UUID) -> Intake | None:
    """The client's intake, where they have begun one."""
    query = select(Intake).where(Intake.practice_id == practice_id, Intake.client_id == client_id)
    return tx.scalar(query)


def lock_intake(tx: Session, practice_id: UUID, client_id: UUID) -> Intake:
    """The same, as it is now and for this transaction alone."""
    query = select(Intake).where(Intake.practice_id == practice_id, Intake.client_id == client_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return tx.execute(locked).scalar_one()


def given(tx: Session, found: Intake) -> Sequence[GivenAnswers]:
    """All answers that were given, the latest first."""
    query = select(GivenAnswers).where(
        GivenAnswers.practice_id == found.practice_id, GivenAnswers.intake_id == found.id
    )
    return tx.scalars(query.order_by(GivenAnswers.number.desc())).all()


def given_by_id(tx: Session, practice_id: UUID, answers_id: UUID) -> GivenAnswers | None:
    """Answers by the id of their act."""
    return tx.get(GivenAnswers, (practice_id, answers_id))


def consents(tx: Session, practice_id: UUID, client_ids: Collection[UUID]) -> Sequence[Consent]:
    """What these clients signed and took back, the oldest act on each text first."""
    query = select(Consent).where(
        Consent.practice_id == practice_id, Consent.client_id.in_(client_ids)
    )
    return tx.scalars(query.order_by(Consent.client_id, Consent.text_id, Consent.number)).all()


def first_form(tx: Session, practice_id: UUID) -> IntakeForm | None:
    """The version with which a practice began to ask."""
    query = select(IntakeForm).where(IntakeForm.practice_id == practice_id)
    return tx.scalar(query.order_by(IntakeForm.number).limit(1))


def last_booked(
    tx: Session, practice_id: UUID, client_ids: Collection[UUID]
) -> dict[UUID, datetime]:
    """When each of the clients booked last; sessions that were given up were booked too."""
    query = select(KnownSession.client_id, func.max(KnownSession.booked_at)).where(
        KnownSession.practice_id == practice_id, KnownSession.client_id.in_(client_ids)
    )
    return dict(tx.execute(query.group_by(KnownSession.client_id)).all())


def who_came(tx: Session, practice_id: UUID, client_ids: Collection[UUID]) -> set[UUID]:
    """Those of the clients who came to a session."""
    query = select(KnownSession.client_id).where(
        KnownSession.practice_id == practice_id,
        KnownSession.client_id.in_(client_ids),
        KnownSession.attendance == Attendance.ATTENDED.value,
    )
    return set(tx.scalars(query))


def keeping_clients(tx: Session, practice_id: UUID, client_ids: Collection[UUID]) -> set[UUID]:
    """Those of the clients of whom answers are kept that are not given yet."""
    query = select(Intake.client_id).where(
        Intake.practice_id == practice_id,
        Intake.client_id.in_(client_ids),
        Intake.draft.is_not(None),
    )
    return set(tx.scalars(query))


def given_clients(tx: Session, practice_id: UUID, client_ids: Collection[UUID]) -> set[UUID]:
    """Those of the clients who answered a form."""
    is_given = exists().where(
        GivenAnswers.practice_id == Intake.practice_id, GivenAnswers.intake_id == Intake.id
    )
    query = select(Intake.client_id).where(
        Intake.practice_id == practice_id, Intake.client_id.in_(client_ids), is_given
    )
    return set(tx.scalars(query))
