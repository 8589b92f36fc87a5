"""Agreeing to a version: what was read goes along with the signature."""

from datetime import UTC, datetime

import pytest

from services.contracts.plans.commands import AgreePlan
from services.gateway.forms.plans import NumberForm
from services.gateway.forms.reading import Flawed, parsed

FIRST, SECOND = (datetime(2093, 12, day, 9, tzinfo=UTC) for day in (1, 8))


def test_the_sessions_that_go_are_signed_as_they_were_read() -> None:
    """As the page sends them back; none where none go."""
    sent = {"number": "2", "surplus": f"{FIRST.isoformat()},{SECOND.isoformat()}"}
    assert parsed(NumberForm, sent).surplus == [FIRST, SECOND]
    assert parsed(NumberForm, {"number": "2"}).surplus == []
    same = set(NumberForm.model_fields) - {"wording"} | {"text"}
    assert same < set(AgreePlan.model_fields)


def test_what_is_no_list_of_sessions_is_none_of_ours() -> None:
    """The button's form was changed: the page is shown as it stands."""
    with pytest.raises(Flawed):
        parsed(NumberForm, {"number": "2", "surplus": "soon"})
