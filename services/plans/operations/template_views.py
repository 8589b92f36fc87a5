"""Templates of a practice as they are told."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.contracts.plans.templates import (
    PracticeTemplateLine,
    PracticeTemplateView,
    TemplateContent,
    TemplateVersionLine,
)
from services.contracts.plans.views import PhaseSpan, TemplateView
from services.plans.domain.shape import spans
from services.plans.domain.templates import lacks, source_of
from services.plans.models import PracticeTemplate, TemplateVersion
from services.plans.queries import templates


def content_of(version: TemplateVersion) -> TemplateContent:
    """What a version suggests."""
    return TemplateContent.model_validate(version.content)


def template_line(found: PracticeTemplate, version: TemplateVersion) -> PracticeTemplateLine:
    """A template in the list of its practice."""
    return PracticeTemplateLine.model_validate(_line(found, content_of(version)))


def template_view(
    tx: Session, found: PracticeTemplate, version: TemplateVersion, account_id: UUID
) -> PracticeTemplateView:
    """A template with what a version of it suggests."""
    content = content_of(version)
    told = _line(found, content) | {
        "number": version.number,
        "newest": found.number,
        "practice_id": found.practice_id,
        "content": content,
        "phases": [
            PhaseSpan(name=one.phase.name, first=one.first, last=one.last, work=one.phase.work)
            for one in spans(content.shape)
        ],
        "history": [
            TemplateVersionLine(
                number=one.number,
                written_at=one.written_at,
                is_own=one.written_by == account_id,
            )
            for one in templates.versions(tx, found)
        ],
    }
    return PracticeTemplateView.model_validate(told)


def offered(found: PracticeTemplate, version: TemplateVersion) -> TemplateView:
    """A template among those that plans begin from."""
    content = content_of(version)
    return TemplateView(
        slug=str(found.id),
        name=content.name,
        summary=content.summary,
        length=content.length,
        source=source_of(content),
        is_own=True,
    )


def _line(found: PracticeTemplate, content: TemplateContent) -> dict[str, object]:
    told = content.model_dump(include={"name", "summary", "length", "source"})
    return told | {
        "id": found.id,
        "number": found.number,
        "changed_at": found.changed_at,
        "is_archived": found.archived_at is not None,
        "lacks": lacks(content),
    }
