"""The SMTP side: aiosmtpd with a handler that keeps each message."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mailbox.faults import Fault, Faults
from deploy.local.mailbox.store import Mailstore

_LARGEST = 25 * 1024 * 1024


class Keeper:
    """What aiosmtpd asks at each stage; the names of the methods are its."""

    def __init__(self, store: Mailstore, faults: Faults) -> None:
        self._store = store
        self._faults = faults

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """After MAIL FROM."""
        if fault := self._faults.struck("mail", []):
            return _strike(server, fault)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """After RCPT TO."""
        if fault := self._faults.struck("rcpt", [address]):
            return _strike(server, fault)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """After the message; 250 only once it is on disk."""
        fault = self._faults.struck("data", envelope.rcpt_tos)
        if fault is not None and not (fault.kind == "drop" and fault.is_kept):
            return _strike(server, fault)
        message_id = await asyncio.to_thread(self._keep, envelope)
        if fault is not None:
            return _strike(server, fault)
        return f"250 2.0.0 kept as {message_id}"

    def _keep(self, envelope: Envelope) -> str:
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else bytes(content or b"")
        return self._store.keep(
            envelope.mail_from or "", envelope.rcpt_tos, raw, now=datetime.now(UTC)
        )


def _strike(server: SMTP, fault: Fault) -> str:
    if fault.kind == "drop" and server.transport is not None:
        server.transport.abort()
    return fault.reply


async def listen(store: Mailstore, faults: Faults, port: int) -> asyncio.Server:
    """Listen for mail on loopback, in the running loop."""
    keeper = Keeper(store, faults)

    def connection() -> SMTP:
        return SMTP(keeper, data_size_limit=_LARGEST, enable_SMTPUTF8=True, hostname="mailbox")

    return await asyncio.get_running_loop().create_server(connection, "127.0.0.1", port)
