"""Free loopback ports, remembered so that a restart finds its servers where they were."""

import json
import random
import socket

from deploy.local.run_directory import RunDirectory, write_private

#: Below Linux' default range for outgoing connections (32768 and up), so none is taken by one.
CANDIDATES = range(20000, 32000)

NAMES = ("postgres", "amqp", "amqp_dist", "epmd", "redis", "stripe_twin", "smtp", "mailbox")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on a port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(taken: set[int] | None = None) -> int:
    """A free port outside `taken`. Random, because two stacks may choose at the same moment."""
    for port in random.sample(CANDIDATES, len(CANDIDATES)):
        if port not in (taken or set()) and is_free(port):
            return port
    raise OSError("no free port between 20000 and 32000")


def remembered_ports(run: RunDirectory) -> dict[str, int]:
    """The ports written at the last start; empty before the first."""
    return {name: int(port) for name, port in run.read_json(run.ports_file).items()}


def choose_ports(run: RunDirectory, *, web: int) -> dict[str, int]:
    """Keep each remembered port that is still free, choose the others anew, remember them all.

    `web` is what a person has chosen; it is remembered for whoever joins a running stack.
    """
    kept = {name: port for name, port in remembered_ports(run).items() if is_free(port)}
    ports = kept | {"web": web}
    for name in NAMES:
        ports.setdefault(name, free_port(set(ports.values())))
    write_private(run.ports_file, json.dumps(ports, indent=2))
    return ports
