"""Names in addresses."""

import re
from typing import Annotated

from fastapi import Depends

from services.common.errors import NotFound

WELL_FORMED = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 80


def _known_slug(slug: str) -> str:
    """Raises NotFound for what can be no slug: there is no such page."""
    if len(slug) > LONGEST or not WELL_FORMED.fullmatch(slug):
        raise NotFound("There is nothing here.")
    return slug


KnownSlug = Annotated[str, Depends(_known_slug)]
"""The `slug` of a path."""
