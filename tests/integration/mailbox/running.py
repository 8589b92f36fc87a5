"""A mailbox in a process of its own, and mail to send to it."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Attune//EN\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:booking-1@attune.example\r
SEQUENCE:2\r
DTSTAMP:20301101T090000Z\r
DTSTART:20301104T130000Z\r
DTEND:20301104T135000Z\r
SUMMARY:Appointment\r
LOCATION:https://meet.example/room\r
END:VEVENT\r
END:VCALENDAR\r
"""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """One mailbox: start it, end it, talk to it."""

    data: Path
    smtp_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def start(self) -> Mailbox:
        env = os.environ | {
            "MAILBOX_SMTP_PORT": str(self.smtp_port),
            "MAILBOX_HTTP_PORT": str(self.http_port),
            "MAILBOX_DATA_DIR": str(self.data),
        }
        command = [sys.executable, "-m", "deploy.local.mailbox"]
        self.process = subprocess.Popen(command, env=env, cwd=ROOT)
        end = time.monotonic() + 20
        while not self.is_alive():
            assert time.monotonic() < end, "the mailbox did not come up"
            time.sleep(0.05)
        return self

    def is_alive(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/livez", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(10)

    def get(self, path: str) -> tuple[bytes, dict[str, str]]:
        """A page and its headers in lower case."""
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return answer.read(), {name.lower(): value for name, value in answer.headers.items()}

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call `/api/…`; raises urllib's HTTPError."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/api{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def send(self, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
        """Send by SMTP; the refused recipients."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=5) as smtp:
            return smtp.send_message(message)


def mail(to: str, subject: str = "Your appointment") -> EmailMessage:
    """A mail with text, HTML and a calendar file."""
    message = EmailMessage()
    message["From"] = "Attune <no-reply@attune.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{time.monotonic_ns()}@attune.example>"
    message.set_content("Grüße, see https://attune.example/b/abc\n")
    message.add_alternative(
        "<p>Grüße</p><script>alert(1)</script><img src='https://track.example/x.png'>",
        subtype="html",
    )
    message.add_attachment(
        CALENDAR.encode(),
        "text",
        "calendar",
        filename="appointment.ics",
        params={"method": "REQUEST"},
    )
    return message
