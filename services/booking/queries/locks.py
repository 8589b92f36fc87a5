"""Advisory locks in front of the exclusion constraints, which alone deadlock under load."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session as Transaction

from services.common.dialect import DEFERRED


def lock(
    tx: Transaction,
    practice_id: UUID,
    *,
    practitioners: Iterable[UUID] = (),
    clients: Iterable[UUID] = (),
    rooms: Iterable[UUID] = (),
) -> None:
    """Be alone with these calendars until the transaction ends; the database sorts the locks.

    Take them all at once: a second call may deadlock with somebody else's. They are waited for by
    the next statement, which sees what was committed meanwhile.
    """
    named = [f"practitioner:{id_}" for id_ in practitioners]
    named += [f"client:{practice_id}:{id_}" for id_ in clients]
    named += [f"room:{practice_id}:{id_}" for id_ in rooms]
    keys = {"keys": [_key(name) for name in named]}
    tx.connection().execute(_LOCK, keys, execution_options=DEFERRED)


def _key(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


_LOCK = select(func.booking.lock_in_order(bindparam("keys", type_=ARRAY(BigInteger))))
