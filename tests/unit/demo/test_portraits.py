"""The portraits are small, still, safe to serve, and exactly what the generator draws."""

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from deploy.local.demo import DemoDataError, load_demo
from deploy.local.demo.portraits import (
    LOOKS_FILE,
    PARTS,
    PORTRAITS_FOLDER,
    draw,
    draw_all,
    load_looks,
)

TODAY = date(2026, 11, 23)


def test_every_practitioner_has_a_portrait_and_nobody_else() -> None:
    """No card shows a broken picture, and no file is left over."""
    expected = {person.portrait for person in load_demo(TODAY).practitioners}
    assert {path.name for path in PORTRAITS_FOLDER.glob("*.svg")} == expected


def test_the_kept_files_are_what_the_generator_draws(tmp_path: Path) -> None:
    """Drawing again changes nothing, so nobody edits the drawings by hand."""
    for fresh in draw_all(tmp_path):
        assert fresh.read_bytes() == (PORTRAITS_FOLDER / fresh.name).read_bytes()


def test_a_portrait_is_plain_shapes_below_four_kilobytes() -> None:
    """Nothing in it runs, links, styles or loads, so a strict policy lets it pass."""
    allowed = {"svg", "g", "path", "circle", "ellipse", "rect"}
    for path in PORTRAITS_FOLDER.glob("*.svg"):
        assert path.stat().st_size < 4096
        for element in ElementTree.parse(path).iter():
            assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in allowed
            names = set(element.attrib)
            assert not {
                name for name in names if name in {"style", "class", "id"} or "href" in name
            }
            assert not {name for name in names if name.startswith("on")}


def test_every_colour_and_slot_is_filled_in() -> None:
    """No `{skin}` is left in a file."""
    for look in load_looks().values():
        assert not re.search(r"[{}]", draw(look))


def test_no_two_people_look_alike() -> None:
    """Each drawing is somebody's own."""
    drawings = [draw(look) for look in load_looks().values()]
    assert len(set(drawings)) == len(drawings)


@pytest.mark.parametrize("field", sorted(PARTS))
def test_every_part_is_worn_by_somebody(field: str) -> None:
    """No shape or colour is kept that nobody sees."""
    worn: set[object] = set()
    for look in load_looks().values():
        word = getattr(look, field)
        worn |= set(word) if isinstance(word, tuple) else {word}
    assert set(PARTS[field]) <= worn


@pytest.mark.parametrize(
    ("text", "replacement", "field"),
    [
        ('cloth = "rust"', 'cloth = "neon"', "mara-lindenau.cloth"),
        ('cloth = "rust"', "", "mara-lindenau.cloth"),
        ('cloth = "rust"', 'cloth = "rust"\nhat = "top"', "mara-lindenau.hat"),
    ],
)
def test_a_faulty_look_is_refused_by_file_and_field(
    tmp_path: Path, text: str, replacement: str, field: str
) -> None:
    """Whoever edits a look is told where the fault is."""
    spoiled = tmp_path / "portraits.toml"
    spoiled.write_text(LOOKS_FILE.read_text(encoding="utf-8").replace(text, replacement, 1))
    with pytest.raises(DemoDataError) as refusal:
        load_looks(spoiled)
    assert refusal.value.field == field
