"""The table of rooms in docs/architecture.md says what is emitted and heard, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

from services.common.messages import Event
from services.gateway.changes import HEARD
from tests.contracts.surface import consumers

ARCHITECTURE = Path(__file__).parents[3] / "docs" / "architecture.md"


def rooms() -> Iterator[tuple[str, set[str], set[str]]]:
    """Each room with the events that it emits and hears, as the table has them."""
    for line in ARCHITECTURE.read_text().splitlines():
        if line.startswith("| `"):
            room, _, *told = (cell.strip() for cell in line.strip("|").split("|"))
            emits, hears = ({one for one in cell.split(", ") if one != "–"} for cell in told)
            yield room.strip("`"), emits, hears


def test_every_event_stands_at_who_emits_and_who_hears_it() -> None:
    """Read against the contracts and the handlers."""
    heard = {(it.service, it.event_type) for it in consumers()}
    heard |= {("gateway", kind.type) for kind in HEARD}
    # Known once the services are imported, which looking for their handlers does.
    kinds = Event.kinds.items()
    emitted = {key for key, kind in kinds if kind.__module__.startswith("services.")}
    told = list(rooms())
    assert len(told) == 6
    assert {(room, event) for room, emits, _ in told for event in emits} == emitted
    assert {(room, event) for room, _, hears in told for event in hears} == heard
