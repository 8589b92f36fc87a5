"""What somebody decides about a difference from Stripe."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import UUID7, Field, StringConstraints

from services.contracts.billing.reconciliation import Way
from services.gateway.forms.reading import Form


class SettleForm(Form):
    """A way and why. `revision`: the difference as it was shown."""

    words: ClassVar[Mapping[str, str]] = {
        "way": "Choose how to settle it.",
        "why": "Say in a few words why, for whoever reads the books later.",
    }

    form_id: UUID7
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    way: Way
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
