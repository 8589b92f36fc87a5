"""A mailbox in a process of its own, and mail to send to it."""

from __future__ import annotations

import smtplib
import time
import urllib.request
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from deploy.local.ports import free_port
from tests.integration.standin import StandIn

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


@dataclass
class Mailbox(StandIn):
    """One mailbox: start it, end it, talk to it."""

    module = "deploy.local.mailbox"
    data: Path
    smtp_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def settings(self) -> dict[str, str]:
        return {
            "MAILBOX_SMTP_PORT": str(self.smtp_port),
            "MAILBOX_HTTP_PORT": str(self.http_port),
            "MAILBOX_DATA_DIR": str(self.data),
        }

    def get(self, path: str) -> tuple[bytes, dict[str, str]]:
        """A page and its headers in lower case."""
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return answer.read(), {name.lower(): value for name, value in answer.headers.items()}

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call `/api/…`; raises urllib's HTTPError."""
        return self.ask(method, f"/api{path}", body)

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
