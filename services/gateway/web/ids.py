"""Ids that pages mint: one for each intention, so that sending a form twice does it once."""

import hashlib
from uuid import UUID

from uuid_utils.compat import uuid7


def new_form_id() -> str:
    """A fresh UUIDv7."""
    return str(uuid7())


def kept_form_id(sent: str) -> str:
    """The id that a form came with, so that what was begun under it goes on; else a fresh one."""
    try:
        is_ours = UUID(sent).version == 7
    except ValueError:
        is_ours = False
    return sent if is_ours else new_form_id()


def corrected_id(form_id: UUID, *words: str) -> UUID:
    """The id of a form that came again with other words: the same for the same words.

    A UUIDv7 of the form's own millisecond (RFC 9562, 5.7), with a digest where it has chance.
    """
    digest = hashlib.sha256(form_id.bytes + "\0".join(words).encode()).digest()
    bits = bytearray(form_id.bytes[:6] + digest[:10])
    bits[6] = bits[6] & 0x0F | 0x70
    bits[8] = bits[8] & 0x3F | 0x80
    return UUID(bytes=bytes(bits))
