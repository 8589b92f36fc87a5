"""Everything before the first process: checks, ports, secrets, configurations."""

from collections.abc import Callable
from pathlib import Path

from deploy.local import orphans, postgres, rabbitmq, redis_server, supervision
from deploy.local.commands import ServerMissing
from deploy.local.ports import is_free
from deploy.local.run_directory import RunDirectory
from deploy.local.settings import SettingRefused, Settings
from deploy.local.stack import Stack, prepare_stack
from deploy.local.supervision import Supervisor

#: The same text that the start says before there is any Python.
WAYS_OUT = Path(__file__).with_name("ways_out.txt").read_text()


class AlreadyRunning(Exception):
    """This run directory's stack runs; the text says where."""


def check_servers(settings: Settings) -> None:
    """Look for each server that is to be private; raises ServerMissing naming all at once."""
    wanted: list[Callable[[], object]] = []
    if settings.amqp_url is None:
        wanted += [rabbitmq.server_program, rabbitmq.epmd_program]
    if settings.database_url is None:
        wanted += [postgres.programs, postgres.account]
    if settings.redis_url is None:
        wanted += [redis_server.server_program]
    told = [text for look in wanted if (text := _missing(look))]
    if told:
        raise ServerMissing("\n".join((*told, WAYS_OUT)))


def _missing(look: Callable[[], object]) -> str:
    try:
        look()
    except ServerMissing as missing:
        return str(missing)
    return ""


def prepare(settings: Settings, say: Callable[[str], None] = print) -> Stack:
    """Make a stack ready to be supervised, after whatever end the last one had.

    Raises AlreadyRunning, SettingRefused (the web port is taken), ServerMissing.
    """
    run = RunDirectory(settings.run_dir)
    if Supervisor(run).is_running():
        raise AlreadyRunning(f"Attune runs already in {run.path} (`make status`, `make stop`).")
    check_servers(settings)
    if run.path.exists() and (ended := orphans.end_all(run)):
        say(f"Ended {len(ended)} processes that an earlier start had left behind.")
    _check_web_port(settings.port)
    stack = prepare_stack(settings)
    prepare_servers(stack)
    run.socket.unlink(missing_ok=True)
    supervision.write_configuration(stack)
    return stack


def _check_web_port(port: int) -> None:
    if not is_free(port):
        raise SettingRefused(
            f"ATTUNE_PORT: port {port} is taken by another program. "
            f"Choose another one, for example `make run ATTUNE_PORT={port + 1}`."
        )


def prepare_servers(stack: Stack) -> None:
    """Write the configuration of each private server."""
    if stack.has_own_broker:
        rabbitmq.prepare(stack)
    if stack.has_own_database:
        postgres.prepare(stack)
    if stack.has_own_redis:
        redis_server.prepare(stack)
