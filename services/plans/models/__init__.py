"""The tables of plans."""

from services.plans.models.audit import AccessSeal
from services.plans.models.base import metadata, plumbing
from services.plans.models.charts import Access, Chart, ChartKey, EncryptionKey
from services.plans.models.courses import CancelledCourse, Course, RollDue
from services.plans.models.intake import (
    Consent,
    ConsentText,
    GivenAnswers,
    Intake,
    IntakeDraft,
    IntakeForm,
)
from services.plans.models.measures import Alert, Due, DueKind, Filling, Review
from services.plans.models.notes import Note, NoteAddendum, NoteSignature, PurgeDue
from services.plans.models.plans import Entry, Plan, Version
from services.plans.models.rehearsals import Rehearsal
from services.plans.models.sessions import KnownSession
from services.plans.models.templates import PracticeTemplate, TemplateVersion

__all__ = [
    "Access",
    "AccessSeal",
    "Alert",
    "CancelledCourse",
    "Chart",
    "ChartKey",
    "Consent",
    "ConsentText",
    "Course",
    "Due",
    "DueKind",
    "EncryptionKey",
    "Entry",
    "Filling",
    "GivenAnswers",
    "Intake",
    "IntakeDraft",
    "IntakeForm",
    "KnownSession",
    "Note",
    "NoteAddendum",
    "NoteSignature",
    "Plan",
    "PracticeTemplate",
    "PurgeDue",
    "Rehearsal",
    "Review",
    "RollDue",
    "TemplateVersion",
    "Version",
    "metadata",
    "plumbing",
]
