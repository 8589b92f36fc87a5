"""The catalogue: topics people need help with, approaches, and where to turn in a crisis.

The texts are our own, kept as TOML beside this module, one file each; `load_catalogue` reads
and checks them all. Whatever is wrong is reported with its file and field.
"""

from services.profiles.catalogue.entries import (
    Approach,
    CrisisCountry,
    CrisisHelp,
    CrisisLine,
    Source,
    Topic,
)
from services.profiles.catalogue.loading import (
    Catalogue,
    CatalogueError,
    load_catalogue,
)

__all__ = [
    "Approach",
    "Catalogue",
    "CatalogueError",
    "CrisisCountry",
    "CrisisHelp",
    "CrisisLine",
    "Source",
    "Topic",
    "load_catalogue",
]
