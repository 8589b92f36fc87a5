"""The mail server: one connection a batch, at most 5 s for each of its answers.

smtps:// speaks TLS from the start; with a user in smtp:// the connection turns to TLS
(RFC 3207) before it signs in (RFC 4954). Without either it is plain, for a relay nearby.
"""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from services.common import crash_points

SECONDS = 5
PORTS = {"smtp": 25, "smtps": 465}
CLOSING = 421


class Unreachable(Exception):
    """The mail server cannot be talked to: no message is to blame."""


class Undelivered(Exception):
    """This message did not leave, or nobody can tell. `code` is SMTP's reply, 0 where none came."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_final(self) -> bool:
        """Whether another try is pointless (RFC 5321 section 4.2.1: 5yz)."""
        return 500 <= self.code <= 599


class Postbox(Protocol):
    """Where mail leaves."""

    def open(self) -> None:
        """Connect, if not connected; raises Unreachable."""

    def send(self, mail: EmailMessage, address: str) -> None:
        """Return once the server has taken the mail; raises Undelivered."""

    def close(self) -> None:
        """End the connection."""


class SmtpPostbox:
    """A mail server behind an `smtp://` or `smtps://` address.

    `own_name` is what it greets with; without one smtplib would ask the name servers, unbounded.
    """

    def __init__(self, url: str, own_name: str = "localhost") -> None:
        self._url = urlsplit(url)
        self._own_name = own_name
        self._connection: smtplib.SMTP | None = None

    def open(self) -> None:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except (OSError, smtplib.SMTPException) as flaw:
                raise Unreachable(type(flaw).__name__) from flaw

    def send(self, mail: EmailMessage, address: str) -> None:
        try:
            with crash_points.around("call"):
                self._opened().send_message(mail, to_addrs=[address])
        except smtplib.SMTPNotSupportedError as flaw:
            raise Undelivered(553) from flaw
        except smtplib.SMTPRecipientsRefused as flaw:
            self._after(code := next(iter(flaw.recipients.values()))[0])
            raise Undelivered(code) from flaw
        except smtplib.SMTPResponseException as flaw:
            self._after(flaw.smtp_code)
            raise Undelivered(flaw.smtp_code) from flaw
        except (OSError, smtplib.SMTPException) as flaw:
            self._drop()
            raise Undelivered from flaw

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException), crash_points.around("call"):
                self._connection.quit()
        self._drop()

    def _opened(self) -> smtplib.SMTP:
        if self._connection is None:
            raise smtplib.SMTPServerDisconnected("not open")
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port or PORTS[self._url.scheme]
        context = ssl.create_default_context()
        with crash_points.around("call"):
            if self._url.scheme == "smtps":
                made: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, self._own_name, timeout=SECONDS, context=context
                )
            else:
                made = smtplib.SMTP(host, port, self._own_name, timeout=SECONDS)
        try:
            self._sign_in(made, context)
        except BaseException:
            made.close()
            raise
        return made

    def _sign_in(self, made: smtplib.SMTP, context: ssl.SSLContext) -> None:
        with crash_points.around("call"):
            made.ehlo_or_helo_if_needed()
            if not self._url.username:
                return
            if self._url.scheme == "smtp":
                made.starttls(context=context)
            made.login(unquote(self._url.username), unquote(self._url.password or ""))

    def _after(self, code: int) -> None:
        """421 means that the server closes the connection (RFC 5321 section 3.8)."""
        if code == CLOSING:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
