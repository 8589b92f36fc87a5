"""The tables of plans."""

from services.plans.models.base import metadata, plumbing
from services.plans.models.charts import Access, Chart, ChartKey, EncryptionKey
from services.plans.models.courses import Course
from services.plans.models.plans import Entry, Plan, Version

__all__ = [
    "Access",
    "Chart",
    "ChartKey",
    "Course",
    "EncryptionKey",
    "Entry",
    "Plan",
    "Version",
    "metadata",
    "plumbing",
]
