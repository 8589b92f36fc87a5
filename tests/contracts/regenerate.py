"""Write golden files and schemas anew: `python -m tests.contracts.regenerate [--check|--break]`.

--check   write nothing; exit 1 where a file is not what samples and contracts say
--break   write the schemas although they take something away (a decision, for docs/adr)
"""

import json
import sys
from pathlib import Path

from tests.contracts.committed import (
    GOLDEN,
    HERE,
    SCHEMAS,
    committed_schemas,
    golden_files,
    schema_files,
)
from tests.contracts.compatibility import breaks
from tests.contracts.models import commands


def all_breaks() -> list[str]:
    """What the contracts of today take away from the committed ones."""
    now = {path.stem: json.loads(text) for path, text in schema_files().items()}
    return [
        f"{module}.{flaw}"
        for module, old in committed_schemas().items()
        for flaw in breaks(old, now.get(module, {}), command_names())
    ]


def command_names() -> set[str]:
    """What callers send, where a rule may become looser."""
    return {kind.__name__ for kind in commands()}


def outdated(wanted: dict[Path, str]) -> list[Path]:
    """Files that are missing, different or no longer wanted."""
    present = {*GOLDEN.rglob("*.json"), *SCHEMAS.rglob("*.json")}
    wrong = [
        path for path, text in wanted.items() if path not in present or path.read_text() != text
    ]
    return sorted([*wrong, *(present - wanted.keys())])


def main(arguments: list[str]) -> int:
    """Check or write; the exit code."""
    wanted = golden_files() | schema_files()
    wrong = outdated(wanted)
    if "--check" in arguments:
        return _tell(wrong)
    if (flaws := all_breaks()) and "--break" not in arguments:
        print("These changes do not only add:", *flaws, sep="\n  ")
        return 1
    for path in wrong:
        _write(path, wanted.get(path))
    print(f"{len(wrong)} files written or removed")
    return 0


def _tell(wrong: list[Path]) -> int:
    for path in wrong:
        print(f"not current: {path.relative_to(HERE)}")
    print("golden files and schemas are current" if not wrong else "run tests.contracts.regenerate")
    return 1 if wrong else 0


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
