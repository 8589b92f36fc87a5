"""Every call to a foreign system is a crash point, so that tests can kill whoever makes it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.house.sources import imported, name_of, python_files, tree_of

#: Libraries that speak to other machines, and the files that may import them. Broker, database and
#: Redis have their own proofs; `socket` is there to listen, and for errors of the broker's line.
SPEAKERS = {
    "stripe": {"services/billing/adapters/stripe.py"},
    "requests": {"services/billing/adapters/stripe.py"},
    "smtplib": {"services/notify/adapters/smtp.py"},
    "socket": {"services/common/rpc/client.py", "services/gateway/app.py"},
    "urllib.request": set(),
    "urllib3": set(),
    "http.client": set(),
    "httpx": set(),
    "aiohttp": set(),
    "websockets": set(),
    "ftplib": set(),
    "imaplib": set(),
    "poplib": set(),
    "xmlrpc": set(),
}
#: How a call through one of them is written: Stripe's library anywhere, and smtplib's connections.
CALLS = re.compile(
    r"(^|[._])v1\.|\.raw_request$|\.auto_paging_iter$|(^|\.)SMTP(_SSL)?$|\.send_message$|\.sendmail$"
    r"|\.starttls$|\.login$|\.quit$|\.(ehlo|helo)\w*$|^requests\.(?!Session$)\w+$"
)
#: What makes a crash point of what stands inside; `clear` does so for Stripe.
POINTS = ("clear", "crash_points.around")
ADAPTERS = ("services/billing/adapters", "services/notify/adapters")


def unmarked(tree: ast.AST, is_marked: bool = False) -> Iterator[tuple[int, str]]:
    """Foreign calls that stand outside of any crash point, with their lines."""
    for node in ast.iter_child_nodes(tree):
        inside = is_marked or (isinstance(node, ast.With) and _is_point(node))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside = False  # it runs at another time
        if isinstance(node, ast.Call) and not inside and CALLS.search(ast.unparse(node.func)):
            yield node.lineno, ast.unparse(node.func)
        yield from unmarked(node, inside)


def _is_point(block: ast.With) -> bool:
    called = (one.context_expr for one in block.items if isinstance(one.context_expr, ast.Call))
    return any(ast.unparse(one.func) in POINTS for one in called)


def strangers(path: Path, name: str) -> set[str]:
    """The libraries that this file may not import, for they speak to other machines."""
    return {
        library
        for module in imported(path)
        for library, allowed in SPEAKERS.items()
        if (module == library or module.startswith(f"{library}.")) and name not in allowed
    }


def test_every_foreign_call_is_a_crash_point() -> None:
    """To Stripe and to the mail server, from wherever it is made."""
    found = {
        (name_of(path), *call)
        for path in python_files("services")
        for call in unmarked(tree_of(path))
    }
    assert found == set()


def test_whoever_speaks_to_another_machine_is_known() -> None:
    """A library that can do so is imported where its calls are looked at, and nowhere else."""
    found = {
        name_of(path): strange
        for path in python_files("services")
        if (strange := strangers(path, name_of(path)))
    }
    assert found == {}


def test_the_adapters_do_make_calls() -> None:
    """The check sees them: without their points each of these files would be found."""
    blind = {
        name_of(path) for path in python_files(*ADAPTERS) if list(unmarked(_without_points(path)))
    }
    assert blind == {
        "services/billing/adapters/stripe.py",
        "services/billing/adapters/stripe_balance.py",
        "services/billing/adapters/stripe_disputes.py",
        "services/billing/adapters/stripe_refunds.py",
        "services/notify/adapters/smtp.py",
    }


def _without_points(path: Path) -> ast.AST:
    text = path.read_text()
    for point in POINTS:
        text = text.replace(f"{point}(", "suppress(")
    return ast.parse(text)


@pytest.mark.parametrize(
    "call",
    [
        "self._client.v1.refunds.create(params)",
        "stripe.client.v1.disputes.close(id_, {}, options)",
        "self._v1.payouts.retrieve(id_)",
        "client.raw_request('post', '/v1/checkout/sessions')",
        "[one for one in made.auto_paging_iter()]",
        "smtplib.SMTP(host, port)",
        "self._opened().send_message(mail)",
        "requests.post('https://elsewhere.example')",
        "with clear():\n    def later():\n        client.v1.refunds.create(params)",
    ],
)
def test_a_call_without_a_point_is_found(call: str) -> None:
    """The twin: each way of writing one, outside of any point."""
    assert len(list(unmarked(ast.parse(call)))) == 1


def test_a_call_within_a_point_is_not_found() -> None:
    """However deep it stands."""
    call = "with suppress(OSError), crash_points.around('call'):\n  if x:\n    self._c.quit()\n"
    assert list(unmarked(ast.parse(call))) == []


def test_a_new_library_is_found(tmp_path: Path) -> None:
    """The twin: somebody fetches a page in an operation."""
    path = tmp_path / "breach.py"
    path.write_text("from urllib.request import urlopen\n")
    assert strangers(path, "services/booking/operations/breach.py") == {"urllib.request"}
