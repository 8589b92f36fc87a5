"""State on disk: one SQLite file, one writer at a time, every change in a transaction.

The file is in WAL mode, so that what was committed outlives `kill -9` of the process.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.local.stripe_twin.errors import Object

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, account TEXT NOT NULL,
  created INTEGER NOT NULL, body TEXT NOT NULL CHECK (json_valid(body)));
CREATE INDEX IF NOT EXISTS objects_listed ON objects (account, kind, created, seq);
CREATE INDEX IF NOT EXISTS objects_intent ON objects (json_extract(body, '$.payment_intent'));
CREATE INDEX IF NOT EXISTS objects_charge ON objects (json_extract(body, '$.charge'));
CREATE INDEX IF NOT EXISTS objects_source ON objects (json_extract(body, '$.source'));
CREATE INDEX IF NOT EXISTS objects_session ON objects (json_extract(body, '$.session'));
CREATE INDEX IF NOT EXISTS objects_open ON objects (json_extract(body, '$.expires_at'))
  WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open';
CREATE TABLE IF NOT EXISTS idempotency_keys (
  account TEXT NOT NULL, key TEXT NOT NULL, path TEXT NOT NULL, fingerprint TEXT NOT NULL,
  created INTEGER NOT NULL, request_id TEXT NOT NULL, status INTEGER, body TEXT,
  PRIMARY KEY (account, key));
CREATE INDEX IF NOT EXISTS idempotency_keys_age ON idempotency_keys (created);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL REFERENCES objects (id), state TEXT NOT NULL
    CHECK (state IN ('due', 'delivered', 'lost', 'given_up')),
  attempts INTEGER NOT NULL DEFAULT 0, first_at REAL NOT NULL, next_at REAL NOT NULL,
  last_status INTEGER, last_error TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (next_at) WHERE state = 'due';
CREATE TABLE IF NOT EXISTS faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL CHECK (json_valid(body)),
  remaining INTEGER CHECK (remaining >= 0), hits INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS calls (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, account TEXT, idempotency_key TEXT, request_id TEXT NOT NULL,
  status INTEGER NOT NULL, is_replayed INTEGER NOT NULL, fault TEXT);
CREATE TABLE IF NOT EXISTS payout_parts (
  payout TEXT NOT NULL, movement TEXT NOT NULL UNIQUE, PRIMARY KEY (payout, movement));
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Tx:
    """One transaction. `now` is the twin's clock in epoch seconds, fixed for its duration."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self.sql = sql
        self.now = int(time.time() + float(self.setting("clock_offset") or 0))

    def setting(self, name: str) -> str | None:
        """A value kept under a name, or None."""
        row = self.sql.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self.sql.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def insert(self, account: str, body: Object, *, kind: str | None = None) -> Object:
        """Keep a new object as the account's own."""
        self.sql.execute(
            "INSERT INTO objects (id, kind, account, created, body) VALUES (?, ?, ?, ?, ?)",
            (
                body["id"],
                kind or body["object"],
                account,
                body.get("created", self.now),
                json.dumps(body),
            ),
        )
        return body

    def save(self, body: Object) -> Object:
        """Keep the new state of an object that exists."""
        changed = self.sql.execute(
            "UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"])
        )
        if changed.rowcount != 1:
            raise KeyError(body["id"])
        return body

    def get(self, kind: str, object_id: str, account: str | None = None) -> Object | None:
        """An object by id, within one account or (None) in all of them."""
        row = self.sql.execute(
            "SELECT body, account FROM objects WHERE id = ? AND kind = ?", (object_id, kind)
        ).fetchone()
        if row is None or account not in (None, row["account"]):
            return None
        found: Object = json.loads(row["body"])
        return found

    def account_of(self, object_id: str) -> str:
        """The account that owns an object. Raises KeyError."""
        row = self.sql.execute("SELECT account FROM objects WHERE id = ?", (object_id,)).fetchone()
        if row is None:
            raise KeyError(object_id)
        return str(row["account"])

    def find(
        self, kind: str, field: str, value: Any, *, account: str | None = None
    ) -> list[Object]:
        """Objects whose field has that value, oldest first. `field` is never user input."""
        rows = self.sql.execute(
            f"SELECT body FROM objects WHERE kind = ? AND json_extract(body, '$.{field}') = ?"
            " AND (? IS NULL OR account = ?) ORDER BY seq",
            (kind, value, account, account),
        )
        return [json.loads(row["body"]) for row in rows]


class Store:
    """The file and its one connection, which threads take in turns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        # SQLite gives its other files the rights of this one.
        path.touch(mode=0o600)
        self._lock = threading.RLock()
        self._sql = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._sql.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            self._sql.execute(f"PRAGMA {pragma}")
        self._sql.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Begin, then commit, or undo everything when an exception leaves the block."""
        with self._lock:
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield Tx(self._sql)
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
            self._sql.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._sql.close()
