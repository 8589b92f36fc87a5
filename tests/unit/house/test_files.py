"""Files stay short, functions shorter, tests say what they prove; nobody reads the clock aside."""

import ast
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.unit.house.sources import (
    SERVICES,
    functions,
    imported,
    lines_of,
    name_of,
    python_files,
    tree_of,
)

MOST_LINES = 300
LONGER_WITH_REASON = {
    "tests/unit/gateway/test_finding_help.py": "to be split along its pages",
}
KIT_LINES = 2_000
READS_THE_CLOCK = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"}
CLOCK = "services/common/clock.py"
DOMAIN_MAY_IMPORT = ("services.contracts", "services.common.money")


def overlong(files: Iterable[Path]) -> list[Path]:
    """Files beyond the limit."""
    return [path for path in files if lines_of(path) > MOST_LINES]


def lengths(files: Iterable[Path]) -> list[int]:
    """The length of every function in lines, ascending."""
    found = (function for path in files for function in functions(tree_of(path)))
    return sorted((one.end_lineno or one.lineno) - one.lineno + 1 for one in found)


def silent_tests(tree: ast.Module) -> set[str]:
    """Tests that do not say what they prove."""
    tests = (one for one in functions(tree) if one.name.startswith("test_"))
    return {one.name for one in tests if not ast.get_docstring(one)}


def clock_reads(tree: ast.Module) -> list[int]:
    """Lines on which `datetime` or `date` is asked for the present; `fromtimestamp(x, UTC)` is not.

    `fromtimestamp` with one argument gives local wall time, so it counts.
    """
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READS_THE_CLOCK
        and ast.unparse(node.func.value) in ("datetime", "date", "datetime.datetime")
        and not (node.func.attr == "fromtimestamp" and len(node.args) == 2)
    ]


def bare_days(tree: ast.Module) -> list[int]:
    """Lines on which the present is asked for its day before it was put into a zone."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and not isinstance(node.func.value, ast.Attribute)
        and "now" in (asked := ast.unparse(node.func.value))
        and "astimezone" not in asked
    ]


def database_clock_reads(tree: ast.Module) -> list[int]:
    """Lines that ask the database for its time."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "func.now"
    ]


def foreign_imports(path: Path) -> set[str]:
    """What a domain module imports beyond the standard library, contracts, money and itself."""
    own = ".".join(path.parts[path.parts.index("services") : path.parts.index("domain") + 1])
    allowed = (*DOMAIN_MAY_IMPORT, own)
    return {
        module
        for module in imported(path)
        if module.split(".")[0] not in sys.stdlib_module_names
        and not any(module == one or module.startswith(f"{one}.") for one in allowed)
    }


def test_files_are_short() -> None:
    """300 lines at most; a longer one has its reason here, and loses it when it gets shorter."""
    found = overlong(python_files("services", "deploy", "tests"))
    assert {name_of(path) for path in found} == set(LONGER_WITH_REASON)


def test_an_overlong_file_is_found(tmp_path: Path) -> None:
    """The check counts lines, from the first one over."""
    short, long = tmp_path / "short.py", tmp_path / "long.py"
    short.write_text("pass\n" * MOST_LINES)
    long.write_text("pass\n" * (MOST_LINES + 1))
    assert overlong([short, long]) == [long]


def test_functions_are_short() -> None:
    """Half of them within 8 lines, nine in ten within 25."""
    found = lengths(python_files("services"))
    assert statistics.median(found) <= 8
    assert found[int(len(found) * 0.9)] <= 25


def test_the_kit_is_small() -> None:
    """What several services share stays under 2,000 lines that say something (docs/adr/0013)."""
    kit = (path.read_text().splitlines() for path in python_files("services/common"))
    assert sum(bool(line.strip()) for lines in kit for line in lines) < KIT_LINES


def test_every_test_says_what_it_proves() -> None:
    """A line under each test's name."""
    told = {
        name_of(path): silent
        for path in python_files("tests")
        if (silent := silent_tests(tree_of(path)))
    }
    assert told == {}


def test_a_silent_test_is_found() -> None:
    """The check sees methods and coroutines too."""
    text = "class A:\n    async def test_x(self):\n        assert 1\ndef test_y():\n    '''Y.'''\n"
    assert silent_tests(ast.parse(text)) == {"test_x"}


def test_one_module_reads_the_wall_clock() -> None:
    """Everybody else is told the time or asks `services.common.clock`."""
    reading = {name_of(path) for path in python_files("services") if clock_reads(tree_of(path))}
    assert reading == {CLOCK}


@pytest.mark.parametrize(
    "line", ["datetime.now(UTC)", "datetime.utcnow()", "date.today()", "datetime.fromtimestamp(1)"]
)
def test_a_look_at_the_clock_is_found(line: str) -> None:
    """Naive or aware, it is a look at the clock."""
    assert clock_reads(ast.parse(line)) == [1]


def test_a_day_is_asked_of_a_zone() -> None:
    """At 00:30 in Berlin UTC's day is yesterday: who means it, says `astimezone(UTC)`."""
    asking = {name_of(path) for path in python_files("services") if bare_days(tree_of(path))}
    assert asking == set()


@pytest.mark.parametrize("line", ["now.date()", "utc_now().date()", "(now - KEPT).date()"])
def test_a_day_without_a_zone_is_found(line: str) -> None:
    """Of the present, or of what is counted from it."""
    assert bare_days(ast.parse(line)) == [1]
    assert bare_days(ast.parse("now.astimezone(zone).date()")) == []


def test_rules_and_operations_do_not_ask_the_database_for_the_time() -> None:
    """They take `now`; only leases and plumbing may count by the database's clock."""
    places = [f"services/{name}/{kind}" for name in SERVICES for kind in ("domain", "operations")]
    asking = {
        name_of(path) for path in python_files(*places) if database_clock_reads(tree_of(path))
    }
    assert asking == set()


def test_the_database_clock_is_found() -> None:
    """The check sees it inside an expression."""
    assert database_clock_reads(ast.parse("x = table.c.due_at <= func.now()")) == [1]


def test_the_domain_imports_nothing_from_outside() -> None:
    """Exactly: the standard library, contracts, money, and itself."""
    domains = python_files(*(f"services/{name}/domain" for name in SERVICES))
    found = {(name_of(path), module) for path in domains for module in foreign_imports(path)}
    assert found == set()


def test_a_foreign_import_of_the_domain_is_found(tmp_path: Path) -> None:
    """Any library, also one that no wall names."""
    path = tmp_path / "services" / "booking" / "domain" / "breach.py"
    path.parent.mkdir(parents=True)
    path.write_text("import numpy\nfrom services.booking.domain import policy\nimport math\n")
    assert foreign_imports(Path(*path.parts)) == {"numpy"}
