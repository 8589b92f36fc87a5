"""What the stand-ins share: settings from the environment, and a server that ends in order."""

import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI

S = TypeVar("S")


class SettingError(Exception):
    """A setting is missing or wrong; the message names it."""


def needed(env: Mapping[str, str], name: str) -> str:
    """A setting without a default; raises SettingError."""
    value = env.get(name, "")
    if not value:
        raise SettingError(f"{name} is not set")
    return value


def needed_port(env: Mapping[str, str], name: str) -> int:
    """A port from 1 to 65535; raises SettingError."""
    text = needed(env, name)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingError(f"{name} is no port number: {text!r}")
    return int(text)


def read_or_end(name: str, read: Callable[[], S]) -> S:
    """The settings; where one is wrong the process ends with 2 and a line that names it."""
    try:
        return read()
    except SettingError as wrong:
        print(f"{name}: {wrong}", file=sys.stderr)
        sys.exit(2)


def serve(app: FastAPI, port: int, **options: Any) -> None:
    """Serve on loopback until SIGTERM or Ctrl-C, which are no failure; `options` are uvicorn's."""
    for ending in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it is done
        signal.signal(ending, lambda *_: None)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
        **options,
    )
