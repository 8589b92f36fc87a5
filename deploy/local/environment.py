"""What each process is told: its own secrets and addresses, and nobody else's."""

import json
import tomllib

from deploy.local.commands import base_environment
from deploy.local.names import DEMO_PEOPLE, SERVICES
from deploy.local.settings import CHECKOUT
from deploy.local.stack import Stack

#: Shared servers by process. The worker runs tasks of these services, so it has what they have.
REDIS_READERS = ("profiles", "gateway")  # logins and limits
MAIL_SENDERS = ("notify",)
STRIPE_CALLERS = ("billing",)
TASK_SERVICES = ("booking", "billing", "notify")

Environment = dict[str, str]


def common(stack: Stack) -> Environment:
    """What holds for every process of the product."""
    return {
        **base_environment(),
        **_beginning(stack, "ATTUNE_"),
        "ATTUNE_ENV": stack.settings.passed_on.get("ATTUNE_ENV", "local"),
        "ATTUNE_RUN_DIR": str(stack.run.path),
        "ATTUNE_PORT": str(stack.settings.port),
        "ATTUNE_PUBLIC_URL": stack.settings.public_url,
        "ATTUNE_LOG_LEVEL": stack.settings.passed_on.get("ATTUNE_LOG_LEVEL", "INFO"),
        "PYTHONPATH": str(CHECKOUT),
    }


def _beginning(stack: Stack, prefix: str) -> Environment:
    """What a person has set for this process; the stack's own addresses and secrets win."""
    handed_on = stack.settings.passed_on.items()
    return {name: value for name, value in handed_on if name.startswith(prefix)}


def _identity(stack: Stack, signer: str) -> Environment:
    """The broker user and the signing key of one service, and everybody's public keys."""
    prefix = signer.upper()
    return _beginning(stack, f"{prefix}_") | {
        f"{prefix}_AMQP_URL": stack.amqp_url(signer),
        f"{prefix}_SIGNING_KEY": stack.secrets[f"signing.{signer}"],
        "ATTUNE_VERIFY_KEYS": json.dumps(stack.secrets.verify_keys(), separators=(",", ":")),
    }


def _stripe(stack: Stack) -> Environment:
    told = {
        "STRIPE_API_KEY": stack.stripe_api_key,
        "STRIPE_WEBHOOK_SECRET": stack.stripe_webhook_secret,
    }
    return told | ({"STRIPE_API_BASE": stack.twin_url} if stack.has_twin else {})


def _servers(stack: Stack, process: str) -> Environment:
    told: Environment = {}
    if process in REDIS_READERS:
        told["REDIS_URL"] = stack.redis_url
    if process in MAIL_SENDERS:
        told["SMTP_URL"] = stack.smtp_url
    if process in STRIPE_CALLERS:
        told |= _stripe(stack)
    return told


def service(stack: Stack, name: str) -> Environment:
    """One service with a database. It hands tasks to Celery with its own broker user."""
    database = {f"{name.upper()}_DATABASE_URL": stack.database_url(name)}
    told = common(stack) | _identity(stack, name) | database | _servers(stack, name)
    if name == "booking":
        told["BOOKING_JOIN_KEY"] = stack.secrets["booking_join_key"]
    if name == "plans":
        own = {"1": stack.secrets["plans_key"]}
        told.setdefault("PLANS_KEYS", json.dumps(own, separators=(",", ":")))
    return told


def gateway(stack: Stack) -> Environment:
    """The gateway: no database, no Stripe, no mail."""
    own = {"GATEWAY_SECRET_KEY": stack.secrets["gateway_secret_key"]}
    if stack.has_twin:
        # the one foreign place a form may lead to: the page to pay on
        own["GATEWAY_CHECKOUT_ORIGINS"] = stack.twin_url
    return common(stack) | _identity(stack, "gateway") | own | _servers(stack, "gateway")


def worker(stack: Stack) -> Environment:
    """Celery's worker: tasks of several services, each with that service's own rights."""
    told = _celery(stack)
    for name in TASK_SERVICES:
        told |= service(stack, name)
    return told


def _celery(stack: Stack) -> Environment:
    broker = {"CELERY_AMQP_URL": stack.amqp_url("celery")}
    return common(stack) | broker | {"ATTUNE_TASKS": ",".join(TASK_SERVICES)}


def beat(stack: Stack) -> Environment:
    """Celery's clock only sends."""
    schedule = {"CELERY_BEAT_SCHEDULE_FILE": str(stack.run.path / "celerybeat-schedule")}
    return _celery(stack) | schedule


def migrations(stack: Stack) -> Environment:
    """Whoever changes schemas, and nothing else."""
    return common(stack) | {"MIGRATIONS_DATABASE_URL": stack.database_url("owner")}


def operator(stack: Stack) -> Environment:
    """Commands a person runs by hand (declare, parked, replay, doctor, demo): every right."""
    told = worker(stack) | gateway(stack) | migrations(stack)
    for name in SERVICES:
        told |= service(stack, name)
    told |= {"REDIS_URL": stack.redis_url, "SMTP_URL": stack.smtp_url} | _stripe(stack)
    return told | _demo(stack)


def _demo(stack: Stack) -> Environment:
    passwords = {person: stack.secrets[f"demo.{person}"] for person in DEMO_PEOPLE}
    return {
        "ATTUNE_DEMO_PASSWORDS": json.dumps(passwords, separators=(",", ":")),
        "ATTUNE_DEMO_LOGINS_FILE": str(stack.run.logins_file),
        "MAILBOX_URL": stack.mailbox_url,
    }


def stripe_twin(stack: Stack) -> Environment:
    """The twin knows its key, the secret it signs with, and where webhooks go."""
    return base_environment() | {
        "PYTHONPATH": str(CHECKOUT),
        "TWIN_PORT": str(stack.ports["stripe_twin"]),
        "TWIN_DATA_DIR": str(stack.run.path / "stripe_twin"),
        # webhooks that failed come again within seconds, so that a restarted house catches up
        "TWIN_WEBHOOK_LONGEST_WAIT": "5",
        "TWIN_API_KEY": stack.stripe_api_key,
        "TWIN_WEBHOOK_URL": f"http://127.0.0.1:{stack.settings.port}/webhooks/stripe",
        "TWIN_WEBHOOK_SECRET": stack.stripe_webhook_secret,
        "TWIN_DEFAULT_ACCOUNTS": _accounts_of_demo_practices(),
    }


def mailbox(stack: Stack) -> Environment:
    """The mailbox: where it listens and where it keeps what arrives."""
    return base_environment() | {
        "PYTHONPATH": str(CHECKOUT),
        "MAILBOX_SMTP_PORT": str(stack.ports["smtp"]),
        "MAILBOX_HTTP_PORT": str(stack.ports["mailbox"]),
        "MAILBOX_DATA_DIR": str(stack.run.path / "mailbox"),
    }


def _accounts_of_demo_practices() -> str:
    """The practices' own Stripe accounts: `id:country:currency:name`, comma-separated."""
    practices = tomllib.loads((CHECKOUT / "deploy/local/demo/practices.toml").read_text())
    return ",".join(
        ":".join((p["stripe_account"], p["country"], p["currency"].lower(), _plain(p["name"])))
        for p in practices["practices"]
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum() or letter == " ")
