"""A stand-in in a process of its own: started, asked, ended."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from deploy.local.settings import CHECKOUT

START_SECONDS = 20


class StandIn(ABC):
    """One process of `module`, which answers 200 at /livez once it is there."""

    module: ClassVar[str]
    process: "subprocess.Popen[bytes] | None" = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it answers, without a trailing slash."""

    @abstractmethod
    def settings(self) -> Mapping[str, str]:
        """What its environment tells it."""

    def start(self) -> Self:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", self.module]
        env = {**os.environ, **self.settings()}
        self.process = subprocess.Popen(command, env=env, cwd=CHECKOUT)
        end = time.monotonic() + START_SECONDS
        while not self.is_alive():
            assert time.monotonic() < end, f"{self.module} did not come up"
            time.sleep(0.05)
        return self

    def is_alive(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(self.url + "/livez", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal and wait for its end; how it ended."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(10)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send JSON and read JSON; raises urllib's HTTPError."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None
