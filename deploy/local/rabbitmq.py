"""A private RabbitMQ and its epmd: loopback only, no guest, rights from the table."""

import base64
import hashlib
import json
import secrets
import subprocess
from pathlib import Path

from deploy.local.broker_rights import BROKER_USERS, CALL_EXCHANGE, CALL_RIGHTS
from deploy.local.commands import Command, ServerMissing, base_environment, find_program
from deploy.local.names import VHOST
from deploy.local.run_directory import write_private
from deploy.local.stack import Stack

#: Debian's wrapper in /usr/sbin changes the user; these are the scripts behind it.
SCRIPTS = Path("/usr/lib/rabbitmq/bin")

NODE = "attune@localhost"
# Loopback for the distribution port too; few schedulers, which do not spin while they wait: a
# broker for one machine, whose cores others need.
ERLANG_ARGUMENTS = (
    "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
)


def server_program() -> Path:
    """RabbitMQ's start script; raises ServerMissing."""
    program = find_program("rabbitmq-server", SCRIPTS)
    if program is None:
        raise ServerMissing("RabbitMQ is not installed (Debian: rabbitmq-server).")
    return program


def epmd_program() -> Path:
    """Erlang's port mapper; raises ServerMissing."""
    folders = sorted(Path("/usr/lib/erlang").glob("erts-*/bin"), reverse=True)
    program = find_program("epmd", *folders)
    if program is None:
        raise ServerMissing("Erlang's epmd is not installed (Debian: erlang-base).")
    return program


def _home(stack: Stack) -> Path:
    return stack.run.path / "rabbitmq"


def prepare(stack: Stack) -> None:
    """Write configuration and definitions; users and rights are set anew at every start."""
    home = _home(stack)
    home.mkdir(mode=0o700, exist_ok=True)
    write_private(home / "rabbitmq.conf", _configuration(stack))
    write_private(home / "definitions.json", json.dumps(_definitions(stack), indent=2))
    write_private(home / "enabled_plugins", "[].\n")


def _configuration(stack: Stack) -> str:
    return "\n".join(
        (
            f"listeners.tcp.1 = 127.0.0.1:{stack.ports['amqp']}",
            f"load_definitions = {_home(stack) / 'definitions.json'}",
            "log.console = true",
            "log.console.level = info",
            "log.file = false",
            # a laptop's disk is not the broker's own: stop accepting only when it is nearly full
            "disk_free_limit.absolute = 200MB",
            "",
        )
    )


def _definitions(stack: Stack) -> dict[str, object]:
    users = [
        {
            "name": user,
            "password_hash": password_hash(stack.secrets[f"broker.{user}"]),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": [],
        }
        for user in BROKER_USERS
    ]
    rights = [
        {
            "user": user,
            "vhost": VHOST,
            "configure": right.configure,
            "write": right.write,
            "read": right.read,
        }
        for user, right in BROKER_USERS.items()
    ]
    topic_rights = [
        {
            "user": user,
            "vhost": VHOST,
            "exchange": CALL_EXCHANGE,
            "write": right.write,
            "read": right.read,
        }
        for user, right in CALL_RIGHTS.items()
    ]
    calls = {
        "name": CALL_EXCHANGE,
        "vhost": VHOST,
        "type": "topic",
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }
    metadata = {"description": "Attune", "tags": [], "default_queue_type": "quorum"}
    vhost = {"name": VHOST, "default_queue_type": "quorum", "metadata": metadata}
    return {
        "vhosts": [vhost],
        "users": users,
        "permissions": rights,
        "topic_permissions": topic_rights,
        "exchanges": [calls],
    }


def password_hash(password: str, salt: bytes | None = None) -> str:
    """RabbitMQ's salted SHA-256: base64 of four bytes of salt and the digest."""
    salt = salt or secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _erlang_environment(stack: Stack) -> dict[str, str]:
    return base_environment() | {
        "HOME": str(_home(stack)),
        "ERL_EPMD_PORT": str(stack.ports["epmd"]),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }


def epmd(stack: Stack) -> Command:
    """epmd in the foreground, so that the supervisor ends it too."""
    address = ("-address", "127.0.0.1", "-port", str(stack.ports["epmd"]))
    return Command((str(epmd_program()), *address), _erlang_environment(stack))


def control(stack: Stack, *words: str) -> str:
    """Run rabbitmqctl against the private broker and return what it prints."""
    program = find_program("rabbitmqctl", SCRIPTS)
    if program is None:
        raise ServerMissing("RabbitMQ is not installed (Debian: rabbitmq-server).")
    told = _erlang_environment(stack) | {"RABBITMQ_CONF_ENV_FILE": "/dev/null"}
    argv = (str(program), "--quiet", "--node", NODE, *words)
    return subprocess.run(
        argv, env=told, capture_output=True, text=True, timeout=60, check=True
    ).stdout


def server(stack: Stack) -> Command:
    """RabbitMQ in the foreground; it writes its log to standard output."""
    home = _home(stack)
    environment = _erlang_environment(stack) | {
        "RABBITMQ_NODENAME": NODE,
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "generated"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_PID_FILE": str(home / "rabbitmq.pid"),
        "RABBITMQ_DIST_PORT": str(stack.ports["amqp_dist"]),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_ARGUMENTS,
    }
    return Command((str(server_program()),), environment, home, stop_seconds=25)
