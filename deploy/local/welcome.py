"""What is printed once the product answers."""

import json
from typing import TypedDict

from deploy.local.stack import Stack


class Login(TypedDict):
    """One demo person, as the demo loader wrote it down."""

    kind: str
    email: str
    password: str


def logins(stack: Stack) -> list[Login]:
    """One login for each kind of person; none in a database that is not ours."""
    if not stack.has_own_database or not stack.run.logins_file.exists():
        return []
    kept: list[Login] = json.loads(stack.run.logins_file.read_text())
    return kept


def addresses(stack: Stack) -> str:
    """Where to point a browser."""
    lines = [f"  Attune      {stack.settings.public_url}"]
    if stack.has_mailbox:
        lines.append(f"  Mailbox     {stack.mailbox_url}")
    if stack.has_twin:
        lines.append(f"  Stripe twin {stack.twin_url}")
    return "\n".join(lines)


def text(stack: Stack) -> str:
    """Addresses, logins, how to end."""
    people = [f"  {p['kind']:<13} {p['email']:<34} {p['password']}" for p in logins(stack)]
    parts = [
        "",
        "Attune is ready.",
        addresses(stack),
        *(["", "  Sign in as", *people] if people else []),
        "",
        "Ctrl-C stops it. Elsewhere: make status, make logs, make doctor, make stop.",
    ]
    return "\n".join(parts)
