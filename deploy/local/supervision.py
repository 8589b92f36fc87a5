"""The supervisor: its configuration, and talking to it over its private socket."""

import os
import socket
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from deploy.local.commands import MARK, Command
from deploy.local.programs import Program, wanted
from deploy.local.run_directory import PRIVATE_UMASK, RunDirectory, write_private
from deploy.local.stack import Stack

GROUPS = ("servers", "standins", "apps")

_HEAD = """\
[unix_http_server]
file={socket}
chmod=0600

[supervisord]
nodaemon=true
silent=true
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile={pid_file}
childlogdir={logs}
directory={run}
{user}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{socket}
"""

_PROGRAM = """
[program:{name}]
command={command}
directory={directory}
environment={environment}
autostart={autostart}
autorestart=true
startsecs=3
startretries=1000000
stopsignal={stop_signal}
stopwaitsecs={stop_seconds}
stopasgroup={stops_group}
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
umask={umask:03o}
{user}"""


def configuration(stack: Stack) -> str:
    """supervisord.conf. Groups stop in reverse order: apps while their servers still answer."""
    programs = wanted(stack)
    head = _HEAD.format(
        socket=_escaped(str(stack.run.socket)),
        logs=_escaped(str(stack.run.logs)),
        run=_escaped(str(stack.run.path)),
        pid_file=_escaped(str(stack.run.supervisor_pid)),
        user=_runs_as_root(),
    )
    blocks = [_program(stack, program) for program in programs]
    return head + "".join(blocks) + "".join(_groups(programs))


def _runs_as_root() -> str:
    """Said openly, or supervisord warns of it at every start."""
    return "user=root\n" if os.geteuid() == 0 else ""


def _groups(programs: list[Program]) -> list[str]:
    blocks = []
    for rank, group in enumerate(GROUPS, 1):
        names = ",".join(program.name for program in programs if program.group == group)
        if names:
            blocks.append(f"\n[group:{group}]\nprograms={names}\npriority={rank * 10}\n")
    return blocks


def _program(stack: Stack, program: Program) -> str:
    command = program.command(stack)
    return _PROGRAM.format(
        name=program.name,
        command=" ".join(_quoted(word) for word in command.argv),
        directory=_escaped(str(command.directory or stack.run.path)),
        environment=_environment(stack, command),
        autostart="true" if program.group != "apps" else "false",
        stop_signal=command.stop_signal,
        stop_seconds=command.stop_seconds,
        stops_group=str(command.stops_group).lower(),
        logs=_escaped(str(stack.run.logs)),
        umask=PRIVATE_UMASK,
        user=f"user={command.account}\n" if command.account else "",
    )


def _environment(stack: Stack, command: Command) -> str:
    told = dict(command.environment) | {MARK: str(stack.run.path)}
    return ",".join(f"{name}={_value(name, value)}" for name, value in sorted(told.items()))


def _value(name: str, value: str) -> str:
    """supervisord's own quoting: no escapes, so a value cannot hold both kinds of quotes."""
    if "\n" in value or "'" in value or value.endswith('"'):
        raise ValueError(f"{name}: supervisord cannot pass on quotes and line breaks.")
    return f"'{_escaped(value)}'"


def _quoted(word: str) -> str:
    return f'"{_escaped(word)}"'


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What the supervisor says of one process; `pid` is 0 when none runs."""

    name: str
    group: str
    state: str
    pid: int
    description: str


class Supervisor:
    """A running supervisord, or one that is not there (`is_running`)."""

    def __init__(self, run: RunDirectory) -> None:
        self.run = run

    def _ask(self, method: str, *arguments: object) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.run.socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as server:
            return getattr(server.supervisor, method)(*arguments)

    def is_running(self) -> bool:
        """Whether somebody answers at the socket; a stale socket does not count."""
        if not self.run.socket.exists():
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2)
            try:
                probe.connect(str(self.run.socket))
            except OSError:
                return False
        return True

    def pid(self) -> int:
        return int(self._ask("getPID"))

    def states(self) -> list[ProcessState]:
        """Every process, in the order of the groups."""
        told = [_state(info) for info in self._ask("getAllProcessInfo")]
        return sorted(told, key=lambda state: GROUPS.index(state.group))

    def state(self, name: str) -> ProcessState:
        """One process; raises KeyError for an unknown name."""
        return {state.name: state for state in self.states()}[name]

    def start_group(self, group: str) -> None:
        """Start a group without waiting for it."""
        self._ask("startProcessGroup", group, False)

    def start(self, name: str) -> None:
        self._ask("startProcess", f"{self.state(name).group}:{name}", False)

    def stop(self, name: str) -> None:
        """End one process in order and wait for it; it stays down until it is started."""
        self._ask("stopProcess", f"{self.state(name).group}:{name}", True)

    def shutdown(self) -> None:
        """Begin to end everything; supervisord leaves last."""
        self._ask("shutdown")


def _state(info: dict[str, Any]) -> ProcessState:
    return ProcessState(
        info["name"], info["group"], info["statename"], info["pid"], info["description"]
    )


def write_configuration(stack: Stack) -> Path:
    """Write supervisord.conf, readable by us alone: it holds each process' secrets."""
    write_private(stack.run.supervisor_config, configuration(stack))
    return stack.run.supervisor_config
