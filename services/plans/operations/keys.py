"""Key-encryption keys: checked at start, changed while everything runs.

A new key is told beside the old one; charts are wrapped anew a few at a time, and when none is
under the old key, it can go. Clinical text itself is not touched.
"""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.common.database import enter_practice
from services.plans.models import ChartKey, EncryptionKey
from services.plans.operations.sealing import KeyRing
from services.plans.queries import charts

AT_ONCE = 50


class WrongKeys(Exception):
    """The keys are not those that charts are under; the text says which, and nothing about them."""


def check_keys(tx: Session, ring: KeyRing) -> None:
    """Raises WrongKeys for a key that is missing or is not the one of its version."""
    known, told = charts.fingerprints(tx), ring.fingerprints()
    if absent := charts.key_versions(tx) - told.keys():
        raise WrongKeys(f"key {min(absent)} is missing, and charts are encrypted under it")
    for version, fingerprint in told.items():
        if known.get(version, fingerprint) != fingerprint:
            raise WrongKeys(f"key {version} is not the one that was in use under this version")
    for version in told.keys() - known.keys():
        row = insert(EncryptionKey).values(version=version, fingerprint=told[version])
        tx.execute(row.on_conflict_do_nothing())


def rewrap_some(tx: Session, ring: KeyRing) -> int:
    """Put some charts of older keys under the current one; how many. Two may run: each has charts
    of its own, and one whose current key is older takes nothing back."""
    found = charts.lock_under_older_key(tx, ring.current, AT_ONCE)
    for one in found:
        _rewrap(tx, ring, one)
    return len(found)


def _rewrap(tx: Session, ring: KeyRing, owed: ChartKey) -> None:
    enter_practice(tx, owed.practice_id)
    chart = charts.chart(tx, owed.practice_id, owed.chart_id)
    key = ring.unwrap(chart.key_version, chart.wrapped_key, chart.practice_id, chart.id)
    chart.wrapped_key = ring.wrap(key, chart.practice_id, chart.id)
    chart.key_version = owed.key_version = ring.current
    tx.flush()
