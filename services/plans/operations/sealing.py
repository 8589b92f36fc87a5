"""Clinical text as bytes that open in one place only: AES-256-GCM (NIST SP 800-38D).

Each chart has a data key; it is wrapped by a key-encryption key, of which several versions may
be known at a time. What is sealed is bound to where it stands: moved elsewhere it does not open.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
"""Random for each seal: with 96 bits under one chart's key a repetition is out of reach."""
DATA_KEY = "data_key"


class Unreadable(Exception):
    """What was stored does not open here: it was changed, moved, or is under another key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something sealed stands: tenant, chart, kind and id of its record, and its version."""

    practice_id: UUID
    chart_id: UUID
    kind: str
    record_id: UUID
    version: int

    def bound(self) -> bytes:
        """As associated data: fields of fixed length around one that tells its own."""
        kind = self.kind.encode()
        return b"".join(
            (
                b"attune.plans.1",
                self.practice_id.bytes,
                self.chart_id.bytes,
                len(kind).to_bytes(1, "big"),
                kind,
                self.record_id.bytes,
                self.version.to_bytes(8, "big"),
            )
        )


def new_data_key() -> bytes:
    """A fresh key for one chart."""
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def seal(key: bytes, plain: bytes, place: Place) -> bytes:
    """Nonce, ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.bound())


def unseal(key: bytes, sealed: bytes, place: Place) -> bytes:
    """What was sealed in this place under this key; raises Unreadable for anything else."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, rest, place.bound())
    except (InvalidTag, ValueError):
        raise Unreadable from None


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key-encryption keys by version; new charts are wrapped under `current`."""

    keys: Mapping[int, bytes] = field(repr=False)
    current: int

    def wrap(self, data_key: bytes, practice_id: UUID, chart_id: UUID) -> bytes:
        """A chart's data key under the current key."""
        return seal(
            self.keys[self.current], data_key, _key_place(practice_id, chart_id, self.current)
        )

    def unwrap(self, version: int, wrapped: bytes, practice_id: UUID, chart_id: UUID) -> bytes:
        """A chart's data key; raises Unreadable, also where this version is not known."""
        if version not in self.keys:
            raise Unreadable
        return unseal(self.keys[version], wrapped, _key_place(practice_id, chart_id, version))

    def fingerprints(self) -> dict[int, str]:
        """The SHA-256 of each key, hex: it tells keys apart and nothing about them."""
        told = ((version, b"attune.plans.key" + key) for version, key in self.keys.items())
        return {version: hashlib.sha256(text).hexdigest() for version, text in told}


def _key_place(practice_id: UUID, chart_id: UUID, version: int) -> Place:
    return Place(practice_id, chart_id, DATA_KEY, chart_id, version)
