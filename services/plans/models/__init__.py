"""The tables of plans."""

from services.plans.models.base import metadata, plumbing
from services.plans.models.charts import Access, Chart, ChartKey, EncryptionKey
from services.plans.models.intake import (
    Consent,
    ConsentText,
    GivenAnswers,
    Intake,
    IntakeDraft,
    IntakeForm,
)
from services.plans.models.plans import Entry, Plan, Version

__all__ = [
    "Access",
    "Chart",
    "ChartKey",
    "Consent",
    "ConsentText",
    "EncryptionKey",
    "Entry",
    "GivenAnswers",
    "Intake",
    "IntakeDraft",
    "IntakeForm",
    "Plan",
    "Version",
    "metadata",
    "plumbing",
]
