"""The tables of plans."""

from services.plans.models.base import metadata, plumbing
from services.plans.models.charts import Access, Chart, ChartKey, EncryptionKey
from services.plans.models.notes import Note, NoteAddendum, NoteSignature
from services.plans.models.plans import Entry, Plan, Version

__all__ = [
    "Access",
    "Chart",
    "ChartKey",
    "EncryptionKey",
    "Entry",
    "Note",
    "NoteAddendum",
    "NoteSignature",
    "Plan",
    "Version",
    "metadata",
    "plumbing",
]
