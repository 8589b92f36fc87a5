"""The settings of notify: `NOTIFY_…`, `SMTP_URL` and `ATTUNE_PUBLIC_URL` in the environment."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_settings import SettingsConfigDict

from services.common.config import ServiceSettings

LOCAL_DOMAIN = "attune.localhost"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
        raise ValueError("must be scheme and host only, such as https://attune.example")
    return url.rstrip("/")


def _mail_server(url: str) -> str:
    if not urlsplit(url).hostname:
        raise ValueError("must name a host, such as smtp://mail.example:25")
    return url


Origin = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$"), AfterValidator(_origin)
]
MailServer = Annotated[
    str, StringConstraints(pattern=r"^smtps?://\S+$"), AfterValidator(_mail_server)
]
OneLine = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class NotifyConfig(ServiceSettings):
    """Where mail leaves, in whose name, where its links lead, and when reminders go out.

    `day_reminder_minutes` and `hour_reminder_minutes` are minutes before the start, and so is
    `intake_reminder_minutes`, of what is asked before a first session; 0 means none.
    The host of every link is that of `ATTUNE_PUBLIC_URL`, never one that a request has named.
    """

    model_config = SettingsConfigDict(env_prefix="NOTIFY_")

    smtp_url: MailServer = Field(validation_alias="SMTP_URL")
    public_url: Origin = Field(validation_alias="ATTUNE_PUBLIC_URL")
    sender: OneLine = ""
    day_reminder_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 24 * 60
    hour_reminder_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 60
    intake_reminder_minutes: Annotated[int, Field(ge=0, le=14 * 24 * 60)] = 2 * 24 * 60

    @property
    def mail_domain(self) -> str:
        """The public host, for Message-IDs and the default sender; a name of its own for an IP."""
        host = urlsplit(self.public_url).hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return host if "." in host else LOCAL_DOMAIN
        return LOCAL_DOMAIN

    @property
    def from_line(self) -> str:
        """Who every mail is from."""
        return self.sender or f"Attune <appointments@{self.mail_domain}>"
