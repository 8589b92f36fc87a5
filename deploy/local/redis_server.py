"""A private Redis for logins and limits: with a password, kept on disk."""

from deploy.local.commands import Command, ServerMissing, base_environment, find_program
from deploy.local.run_directory import write_private
from deploy.local.stack import Stack


def server_program() -> str:
    """The server's program; raises ServerMissing."""
    program = find_program("redis-server")
    if program is None:
        raise ServerMissing("Redis is not installed (Debian: redis-server).")
    return str(program)


def prepare(stack: Stack) -> None:
    """Write its configuration: every login survives a crash but the last second's."""
    home = stack.run.path / "redis"
    home.mkdir(mode=0o700, exist_ok=True)
    lines = (
        "bind 127.0.0.1",
        f"port {stack.ports['redis']}",
        f"requirepass {stack.secrets['redis']}",
        f"dir {home}",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        "daemonize no",
        # a changed title would overwrite the environment by which orphans are told
        "set-proc-title no",
        "",
    )
    write_private(home / "redis.conf", "\n".join(lines))


def server(stack: Stack) -> Command:
    """Redis in the foreground."""
    home = stack.run.path / "redis"
    return Command((server_program(), str(home / "redis.conf")), base_environment(), home)
