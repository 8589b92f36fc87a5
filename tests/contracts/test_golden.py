"""What travels is what the committed files show, byte for byte, and changes only add."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.common.messages import Command
from tests.contracts.committed import (
    GOLDEN,
    committed_schemas,
    golden_files,
    golden_text,
    schema_files,
)
from tests.contracts.compatibility import breaks
from tests.contracts.models import models, modules
from tests.contracts.regenerate import all_breaks, outdated
from tests.contracts.samples import SAMPLES

FILES = sorted(GOLDEN.rglob("*.json"))
Schema = dict[str, Any]


def model_of(path: Path) -> type[BaseModel]:
    """The model whose golden file this is."""
    return models(path.parent.name)[path.stem]


@pytest.mark.parametrize("module", modules())
def test_everything_that_travels_has_one_sample(module: str) -> None:
    """A new command, view or event comes with its golden file."""
    sampled = [type(sample).__name__ for sample in SAMPLES.get(module, [])]
    assert sorted(sampled) == sorted(models(module))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_a_golden_file_reads_and_writes_to_the_same_bytes(path: Path) -> None:
    """What was sent once is still understood, and sent the same way."""
    text = path.read_text()
    assert golden_text(model_of(path).model_validate(json.loads(text))) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_commands_refuse_unknown_fields_and_readers_pass_over_them(path: Path) -> None:
    """A caller's typing error is told; a newer answer or event may hold more."""
    model = model_of(path)
    grown = json.loads(path.read_text()) | {"a_field_of_tomorrow": 1}
    if issubclass(model, Command):
        with pytest.raises(ValidationError):
            model.model_validate(grown)
    else:
        assert golden_text(model.model_validate(grown)) == path.read_text()


def test_golden_files_and_schemas_are_current() -> None:
    """The files are those of the samples and contracts; `regenerate` writes them anew."""
    assert outdated(golden_files() | schema_files()) == []


def test_the_contracts_only_added() -> None:
    """Against the committed schemas nothing is gone, newly required or of another type."""
    assert all_breaks() == []


def _committed(module: str, name: str) -> tuple[dict[str, Schema], dict[str, Schema], Schema]:
    """A module's schemas, a copy of them, and one model of the copy to be changed."""
    old = committed_schemas()[module]
    new = copy.deepcopy(old)
    return old, new, new[name]


def test_a_model_that_is_gone_is_a_break() -> None:
    """The twin of the check above, for whole models."""
    old, new, _ = _committed("booking", "BookingHeld")
    del new["BookingHeld"]
    assert breaks(old, new) == ["BookingHeld: is gone"]


def test_a_field_that_is_gone_is_a_break() -> None:
    """A reader of the event would look for it in vain."""
    old, new, held = _committed("booking", "BookingHeld")
    del held["properties"]["price_id"]
    assert breaks(old, new) == ["BookingHeld.price_id: is gone"]


def test_a_newly_required_field_is_a_break() -> None:
    """Callers and events of yesterday do not have it."""
    old, new, wish = _committed("booking", "BookSession")
    wish["properties"]["couple_id"] = {"type": "string"}
    assert breaks(old, new) == []
    wish["required"].append("couple_id")
    assert breaks(old, new) == ["BookSession.couple_id: is newly required"]


def test_another_type_is_a_break() -> None:
    """Also deep inside of what a view holds."""
    old, new, page = _committed("booking", "BookingsPage")
    page["$defs"]["BookingView"]["properties"]["sequence"]["type"] = "string"
    assert breaks(old, new) == ["BookingsPage.BookingView.sequence: type was integer and is string"]


def test_a_command_may_loosen_and_not_tighten() -> None:
    """200 ids where 100 were allowed hurt no caller; 50 do."""
    old, new, prices = _committed("billing", "GetPrices")
    prices["properties"]["price_ids"]["maxItems"] = 200
    assert breaks(old, new, {"GetPrices"}) == []
    prices["properties"]["price_ids"]["maxItems"] = 50
    assert len(breaks(old, new, {"GetPrices"})) == 1


def test_a_commands_field_may_become_one_that_is_left_out() -> None:
    """What was always sent is still understood; a view's reader would meet nothing there."""
    old, new, command = _committed("booking", "GetWeek")
    day = command["properties"]["on"]
    command["properties"]["on"] = {"anyOf": [dict(day), {"type": "null"}]}
    assert breaks(old, new, {"GetWeek"}) == []
    assert len(breaks(old, new)) > 0
    command["properties"]["on"] = {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert len(breaks(old, new, {"GetWeek"})) > 0


def test_a_new_word_is_an_addition_in_a_command_and_a_break_in_a_view() -> None:
    """An old reader refuses a state that it does not know; readers learn it first."""
    old, new, view = _committed("booking", "BookingView")
    view["$defs"]["BookingState"]["enum"].append("adjourned")
    new["ListNextSlots"]["$defs"]["Format"]["enum"].append("by_letter")
    found = breaks(old, new, {"ListNextSlots"})
    assert len(found) == 1
    assert found[0].startswith("BookingView.BookingState: enum")


def test_a_changed_a_missing_and_a_stray_golden_file_are_found(tmp_path: Path) -> None:
    """The check compares bytes and not meanings."""
    wanted = golden_files() | schema_files()
    changed, stray = FILES[0], FILES[1]
    missing = tmp_path / "New.json"
    wanted[changed] = wanted[changed].replace("  ", " ", 1)
    wanted[missing] = "{}"
    del wanted[stray]
    assert {changed, stray, missing} <= set(outdated(wanted))
