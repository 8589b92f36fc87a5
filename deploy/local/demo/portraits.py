"""Draws the practitioners' portraits: `python -m deploy.local.demo.portraits [folder]`.

The same looks give the same bytes. The drawings carry no script, style, link or text, so that
they may be served under a strict content security policy.
"""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from deploy.local.demo import portrait_hair as hair
from deploy.local.demo import portrait_shapes as shapes
from deploy.local.demo.data import DemoDataError

LOOKS_FILE = Path(__file__).parent / "portraits.toml"
PORTRAITS_FOLDER = Path(__file__).parents[3] / "services" / "gateway" / "static" / "portraits"

PARTS: dict[str, Mapping[str, object]] = {
    "backdrop": shapes.COLOURS,
    "shape": shapes.BACKDROPS,
    "skin": shapes.SKIN,
    "hair_colour": shapes.HAIR,
    "behind": hair.BEHIND,
    "before": hair.BEFORE,
    "garment": shapes.GARMENTS,
    "cloth": shapes.CLOTH,
    "eyes": shapes.EYES,
    "mouth": shapes.MOUTHS,
    "beard": shapes.BEARDS,
    "extras": shapes.EXTRAS,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How one person is drawn; each word names a part or a colour.

    `tilt` turns the head, in degrees clockwise; `build` widens the shoulders, 1 being usual.
    """

    backdrop: str
    shape: str
    skin: str
    hair_colour: str
    before: str
    garment: str
    cloth: str
    eyes: str
    mouth: str
    behind: str | None = None
    beard: str | None = None
    extras: tuple[str, ...] = ()
    tilt: int = 0
    build: float = 1.0

    __pydantic_config__ = ConfigDict(extra="forbid")


def load_looks(path: Path = LOOKS_FILE) -> dict[str, Look]:
    """The looks by practitioner slug; raises DemoDataError with file and field."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        looks = TypeAdapter(dict[str, Look]).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise DemoDataError(path, field, first["msg"]) from error
    for slug, look in looks.items():
        _check_words(path, slug, look)
    return looks


def _check_words(path: Path, slug: str, look: Look) -> None:
    for field, known in PARTS.items():
        word = getattr(look, field)
        for name in word if isinstance(word, tuple) else (word,):
            if name is not None and name not in known:
                raise DemoDataError(path, f"{slug}.{field}", f"unknown part {name!r}")


def draw(look: Look) -> str:
    """One portrait as an SVG document of less than 4 KB."""
    return "".join(_layers(look)).format_map(_colours(look)) + "\n"


def draw_all(folder: Path = PORTRAITS_FOLDER) -> list[Path]:
    """Write every portrait as `<slug>.svg` into `folder`, and say which files these are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for slug, look in load_looks().items():
        path = folder / f"{slug}.svg"
        path.write_text(draw(look), encoding="utf-8")
        written.append(path)
    return written


def _layers(look: Look) -> list[str]:
    """From the backdrop to the glasses, in the order in which they cover each other."""
    turned = f'<g transform="rotate({look.tilt} 160 210)">'
    wide = f'<g transform="translate({160 * (1 - look.build):g} 0) scale({look.build:g} 1)">'
    return [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320" width="320" height="320">',
        '<path d="M0 0H320V320H0Z" fill="{ground}"/>',
        shapes.BACKDROPS[look.shape],
        '<g transform="matrix(1.13 0 0 1.13 -20.8 -18)">',
        f"{turned}{hair.BEHIND[look.behind]}</g>" if look.behind else "",
        shapes.NECK,
        f"{wide}{shapes.GARMENTS[look.garment]}</g>",
        turned,
        *_head(look),
        "</g></g></svg>",
    ]


def _head(look: Look) -> list[str]:
    return [
        hair.OVER_SHOULDERS.get(look.before, ""),
        shapes.HEAD,
        shapes.BEARDS[look.beard] if look.beard else "",
        shapes.FACE,
        shapes.EYES[look.eyes],
        shapes.MOUTHS[look.mouth],
        hair.BEFORE[look.before],
        *(shapes.EXTRAS[extra] for extra in look.extras),
    ]


def _colours(look: Look) -> dict[str, str]:
    ground, tint = shapes.COLOURS[look.backdrop]
    skin, shade, lips = shapes.SKIN[look.skin]
    base, strand = shapes.HAIR[look.hair_colour]
    cloth, fold, under = shapes.CLOTH[look.cloth]
    return {
        "ground": ground,
        "tint": tint,
        "skin": skin,
        "shade": shade,
        "lips": lips,
        "hair": base,
        "strand": strand,
        "brow": shapes.BROWS.get(look.hair_colour, base),
        "cloth": cloth,
        "fold": fold,
        "under": under,
        "frame": "#3A2F2A",
    }


if __name__ == "__main__":
    for drawn in draw_all(*(Path(argument) for argument in sys.argv[1:2])):
        print(drawn.name)
