"""The tables of plans: the plumbing, until therapy plans move in."""

from services.common.database import metadata as schema_metadata
from services.common.plumbing import Plumbing

metadata = schema_metadata("plans")
plumbing = Plumbing.of(metadata)
