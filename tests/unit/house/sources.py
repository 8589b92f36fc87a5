"""The house's own Python files, and what stands in them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
SERVICES = ("profiles", "booking", "plans", "billing", "notify")


def python_files(*places: str) -> list[Path]:
    """Every Python file below these folders of the checkout, in order."""
    return sorted(
        path
        for place in places
        for path in (ROOT / place).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def name_of(path: Path) -> str:
    """The file as seen from the checkout."""
    return path.relative_to(ROOT).as_posix()


def lines_of(path: Path) -> int:
    """How many lines the file has."""
    return len(path.read_text().splitlines())


@cache
def tree_of(path: Path) -> ast.Module:
    """The file as Python reads it."""
    return ast.parse(path.read_text(), str(path))


def imported(path: Path) -> Iterator[str]:
    """Every module that the file names in an import, with the names taken from it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
