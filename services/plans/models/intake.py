"""Intake: what practices ask and what clients answer and sign. Answers are clinical, forms not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import TENANT
from services.contracts.plans.questionnaire import ConsentKind
from services.plans.domain.intake import ConsentAct
from services.plans.models.base import SHORTEST_SEALED, Base, listed, of_chart

Asked = list[dict[str, Any]]
"""Questions as JSON."""


class IntakeDraft(Base):
    """The form of a practice while it is edited; `revision` counts the changes."""

    __tablename__ = "intake_drafts"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="intake_drafts_revision_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    questions: Mapped[Asked] = mapped_column(JSONB)
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class IntakeForm(Base):
    """A published version of a practice's form. Only ever added to."""

    __tablename__ = "intake_forms"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "number", name="intake_forms_pkey"),
        CheckConstraint("number >= 1", name="intake_forms_number_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    number: Mapped[int]
    questions: Mapped[Asked] = mapped_column(JSONB)
    published_at: Mapped[datetime]


class ConsentText(Base):
    """A version of a text that clients sign. Only ever added to."""

    __tablename__ = "consent_texts"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="consent_texts_pkey"),
        UniqueConstraint("practice_id", "kind", "number", name="consent_texts_number_once"),
        CheckConstraint(f"kind IN ({listed(ConsentKind)})", name="consent_texts_kind_known"),
        CheckConstraint("number >= 1", name="consent_texts_number_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    kind: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    is_required: Mapped[bool]
    published_at: Mapped[datetime]


class Intake(Base):
    """A client's intake; `draft` is what is kept and not given yet, sealed, for the version
    `form_number` of the form. `draft_revision` counts what was kept and given; `draft_page_id`
    is the page that kept the draft."""

    __tablename__ = "intakes"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="intakes_pkey"),
        UniqueConstraint("practice_id", "client_id", name="intakes_one_per_client"),
        of_chart("intakes"),
        ForeignKeyConstraint(
            ["practice_id", "form_number"],
            ["plans.intake_forms.practice_id", "plans.intake_forms.number"],
            name="intakes_form_fkey",
        ),
        CheckConstraint(f"octet_length(draft) > {SHORTEST_SEALED}", name="intakes_draft_is_sealed"),
        CheckConstraint(
            "draft IS NULL OR form_number IS NOT NULL", name="intakes_draft_is_of_a_form"
        ),
        CheckConstraint("draft_revision >= 0", name="intakes_revision_not_negative"),
        CheckConstraint(
            "draft_page_id IS NULL OR draft IS NOT NULL", name="intakes_page_of_a_draft"
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    chart_id: Mapped[UUID]
    client_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    form_number: Mapped[int | None]
    draft: Mapped[bytes | None]
    draft_revision: Mapped[int]
    draft_page_id: Mapped[UUID | None]


class GivenAnswers(Base):
    """Answers that were given, sealed, with the form's version; a correction is a row more."""

    __tablename__ = "intake_answers"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="intake_answers_pkey"),
        UniqueConstraint("practice_id", "intake_id", "number", name="intake_answers_number_once"),
        ForeignKeyConstraint(
            ["practice_id", "intake_id"],
            ["plans.intakes.practice_id", "plans.intakes.id"],
            name="intake_answers_intake_fkey",
        ),
        ForeignKeyConstraint(
            ["practice_id", "form_number"],
            ["plans.intake_forms.practice_id", "plans.intake_forms.number"],
            name="intake_answers_form_fkey",
        ),
        of_chart("intake_answers"),
        CheckConstraint(
            f"octet_length(sealed) > {SHORTEST_SEALED}", name="intake_answers_are_sealed"
        ),
        CheckConstraint("number >= 1", name="intake_answers_number_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    intake_id: Mapped[UUID]
    chart_id: Mapped[UUID]
    number: Mapped[int]
    form_number: Mapped[int]
    sealed: Mapped[bytes]
    given_at: Mapped[datetime]


class Consent(Base):
    """Somebody signed a version of a text or took it back: by an account or by a booking's link.

    Only ever added to; acts on one text take turns, so the number of an act tells its kind.
    """

    __tablename__ = "consents"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="consents_pkey"),
        UniqueConstraint("practice_id", "client_id", "text_id", "number", name="consents_act_once"),
        ForeignKeyConstraint(
            ["practice_id", "text_id"],
            ["plans.consent_texts.practice_id", "plans.consent_texts.id"],
            name="consents_text_fkey",
        ),
        of_chart("consents"),
        CheckConstraint(f"act IN ({listed(ConsentAct)})", name="consents_act_known"),
        CheckConstraint(
            "number >= 1 AND (number % 2 = 1) = (act = 'signed')", name="consents_take_turns"
        ),
        CheckConstraint("num_nonnulls(by_account_id, by_booking_id) = 1", name="consents_by_one"),
        Index("consents_of_client_idx", "practice_id", "client_id", "at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    chart_id: Mapped[UUID]
    client_id: Mapped[UUID]
    text_id: Mapped[UUID]
    number: Mapped[int]
    act: Mapped[str]
    at: Mapped[datetime]
    by_account_id: Mapped[UUID | None]
    by_booking_id: Mapped[UUID | None]
