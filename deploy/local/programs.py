"""The one table of what runs under the supervisor."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local import environment, postgres, rabbitmq, redis_server
from deploy.local.commands import Command
from deploy.local.names import SERVICES
from deploy.local.settings import CHECKOUT
from deploy.local.stack import Stack

#: One child beside the main process: the local stack stays within twelve Python processes.
WORKER = ("worker", "--concurrency=1")


@dataclass(frozen=True, slots=True)
class Program:
    """A named process. `group` says when it starts: servers, then stand-ins, then apps."""

    name: str
    group: str
    command: Callable[[Stack], Command]
    is_wanted: Callable[[Stack], bool] = lambda _stack: True


def _python(
    *arguments: str, told: Callable[[Stack], dict[str, str]], stops_group: bool = True
) -> Callable[[Stack], Command]:
    def command(stack: Stack) -> Command:
        argv = (sys.executable, "-m", *arguments)
        return Command(argv, told(stack), CHECKOUT, stops_group=stops_group)

    return command


def _mortal(
    *arguments: str, told: Callable[[Stack], dict[str, str]], stops_group: bool = True
) -> Callable[[Stack], Command]:
    """A process of the house that tests may let die at a point of its work."""
    plain = _python("services", *arguments, told=told, stops_group=stops_group)
    watched = _python("deploy.local.crashing", *arguments, told=told, stops_group=stops_group)
    return lambda stack: (watched if stack.settings.has_crash_points else plain)(stack)


def _service(name: str) -> Program:
    def told(stack: Stack) -> dict[str, str]:
        return environment.service(stack, name)

    return Program(name, "apps", _mortal("run", name, told=told))


#: Everything that may run. Twelve of these processes are Python, supervisord and the worker's
#: child included.
PROGRAMS: tuple[Program, ...] = (
    Program("epmd", "servers", rabbitmq.epmd, lambda stack: stack.has_own_broker),
    Program("rabbitmq", "servers", rabbitmq.server, lambda stack: stack.has_own_broker),
    Program("postgres", "servers", postgres.server, lambda stack: stack.has_own_database),
    Program("redis", "servers", redis_server.server, lambda stack: stack.has_own_redis),
    Program(
        "stripe_twin",
        "standins",
        _python("deploy.local.stripe_twin", told=environment.stripe_twin),
        lambda stack: stack.has_twin,
    ),
    Program(
        "mailbox",
        "standins",
        _python("deploy.local.mailbox", told=environment.mailbox),
        lambda stack: stack.has_mailbox,
    ),
    *(_service(name) for name in SERVICES),
    Program(
        "gateway",
        "apps",
        _python("services", "run", "gateway", told=environment.gateway),
    ),
    # Celery finishes the running task when its first process alone is told to stop.
    Program(
        "worker",
        "apps",
        _mortal(*WORKER, told=environment.worker, stops_group=False),
    ),
    Program(
        "beat",
        "apps",
        _python("services", "beat", told=environment.beat),
    ),
)


def wanted(stack: Stack, group: str | None = None) -> list[Program]:
    """The programs of this stack, in the order of the table."""
    return [
        program
        for program in PROGRAMS
        if program.is_wanted(stack)
        and group in (None, program.group)
        and (program.group != "apps" or program.name in stack.settings.apps)
    ]
