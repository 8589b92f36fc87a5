"""Runs every bench of this folder, one after the other: `python -m tests.bench [--strict] [name…]`.

Each `bench_*.py` runs in a process of its own and prints JSON lines; the last line sums up.
With --strict a missed goal fails; a bench that breaks always does.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from tests.bench.report import Line, exit_code, is_met, machine, print_lines

FOLDER = Path(__file__).parent
CHECKOUT = FOLDER.parents[1]


def benches() -> list[str]:
    """The names of all benches, without their beginning."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def run(name: str) -> list[Line]:
    """Run one bench and hand on its lines as they come; a last one where it broke."""
    argv = [sys.executable, "-m", f"tests.bench.bench_{name}"]
    lines: list[Line] = []
    with subprocess.Popen(argv, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for text in process.stdout:
            lines.append(json.loads(text))
            print_lines(lines[-1:])
    if process.returncode != 0:
        lines.append({"bench": name, "is_broken": True, "exit_code": process.returncode})
        print_lines(lines[-1:])
    return lines


def main() -> int:
    """All benches, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(benches())}")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(benches()):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    print_lines([machine()])
    lines = [line for name in asked.names or benches() for line in run(name)]
    broken = [line["bench"] for line in lines if line.get("is_broken")]
    goals = [line for line in lines if "is_met" in line]
    print_lines([_summary(goals, broken)])
    return 1 if broken else exit_code(lines, strict=asked.strict)


def _summary(goals: list[Line], broken: list[object]) -> Line:
    missed = [line for line in goals if not is_met(line)]
    told = [{name: line[name] for name in ("bench", "what") if name in line} for line in missed]
    return {"bench": "all", "goals": len(goals), "missed": told, "broken": broken}


if __name__ == "__main__":
    sys.exit(main())
