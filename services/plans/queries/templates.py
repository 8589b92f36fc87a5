"""The templates of plans that practices keep. The transaction is the practice's."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.plans.models import PracticeTemplate, TemplateVersion

Held = tuple[PracticeTemplate, TemplateVersion]
"""A template with the version that holds."""


def held(tx: Session, practice_id: UUID) -> Sequence[Held]:
    """All templates of the practice, archived ones too."""
    query = select(PracticeTemplate, TemplateVersion).where(
        PracticeTemplate.practice_id == practice_id, _holds()
    )
    return [(one, version) for one, version in tx.execute(query)]


def template(tx: Session, practice_id: UUID, template_id: UUID) -> Held | None:
    """A template with the version that holds."""
    query = select(PracticeTemplate, TemplateVersion).where(
        PracticeTemplate.practice_id == practice_id, PracticeTemplate.id == template_id, _holds()
    )
    found = tx.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def lock_template(tx: Session, practice_id: UUID, template_id: UUID) -> PracticeTemplate | None:
    """The template as it is now, for this transaction alone."""
    query = select(PracticeTemplate).where(
        PracticeTemplate.practice_id == practice_id, PracticeTemplate.id == template_id
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return tx.scalar(locked)


def versions(tx: Session, found: PracticeTemplate) -> Sequence[TemplateVersion]:
    """Every version of a template, the newest first."""
    query = select(TemplateVersion).where(
        TemplateVersion.practice_id == found.practice_id, TemplateVersion.template_id == found.id
    )
    return tx.scalars(query.order_by(TemplateVersion.number.desc())).all()


def count(tx: Session, practice_id: UUID) -> int:
    """How many templates the practice has, archived ones too."""
    query = select(func.count()).where(PracticeTemplate.practice_id == practice_id)
    return tx.scalar(query) or 0


def _holds() -> ColumnElement[bool]:
    return (
        (TemplateVersion.practice_id == PracticeTemplate.practice_id)
        & (TemplateVersion.template_id == PracticeTemplate.id)
        & (TemplateVersion.number == PracticeTemplate.number)
    )
