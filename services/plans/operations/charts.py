"""Charts: made with their key, opened for one transaction, every look written down."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.common.dialect import DEFERRED
from services.contracts.plans.content import Party
from services.plans.models import Access, Chart, ChartKey
from services.plans.operations.sealing import KeyRing, Place, new_data_key, seal, unseal
from services.plans.queries import charts

Told = TypeVar("Told", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Looker:
    """Who opens a chart: by an account, or as the holder of a booking's link (`booking_id`).

    Without either it is the house by itself, which erases and opens nothing.
    `practitioner_id` for who treats. A supervisor looks from the practitioner's side.
    """

    party: Party
    account_id: UUID | None
    practitioner_id: UUID | None
    is_supervisor: bool = False
    booking_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenChart:
    """A chart with its data key at hand. Whatever passes through it is written down."""

    tx: Session
    chart: Chart
    looker: Looker
    now: datetime
    data_key: bytes = field(repr=False)

    def seal(self, told: BaseModel, kind: str, record_id: UUID, version: int) -> bytes:
        """A record's text as ciphertext for its place, noted as written."""
        self.note(kind, record_id, is_write=True)
        plain = told.model_dump_json().encode()
        return seal(self.data_key, plain, self._place(kind, record_id, version))

    def unseal(
        self, sealed: bytes, form: type[Told], kind: str, record_id: UUID, version: int
    ) -> Told:
        """A record's text, noted as read; raises Unreadable for what does not belong here."""
        self.note(kind, record_id, is_write=False)
        place = self._place(kind, record_id, version)
        return form.model_validate_json(unseal(self.data_key, sealed, place))

    def note(self, kind: str, record_id: UUID, *, is_write: bool) -> None:
        """Write down that a record was read or written; sealed ones do so by themselves."""
        write_down(self.tx, self.chart, self.looker, kind, record_id, is_write, self.now)

    def _place(self, kind: str, record_id: UUID, version: int) -> Place:
        return Place(self.chart.practice_id, self.chart.id, kind, record_id, version)


def write_down(
    tx: Session,
    chart: Chart,
    looker: Looker,
    kind: str,
    record_id: UUID,
    is_write: bool,
    now: datetime,
) -> None:
    """A line of who looked; it needs no key."""
    row = insert(Access.__table__).values(  # type: ignore[arg-type]
        practice_id=chart.practice_id,
        id=uuid7(),
        chart_id=chart.id,
        account_id=chart.account_id,
        party=looker.party.value,
        by_account_id=looker.account_id,
        by_booking_id=looker.booking_id,
        practitioner_id=looker.practitioner_id,
        is_write=is_write,
        is_supervisor=looker.is_supervisor,
        kind=kind,
        record_id=record_id,
        at=now,
    )
    tx.execute(row.inline(), execution_options=DEFERRED)


def open_chart(
    tx: Session, ring: KeyRing, chart: Chart, looker: Looker, *, now: datetime
) -> OpenChart:
    """The chart with its key unwrapped; raises sealing.Unreadable."""
    key = ring.unwrap(chart.key_version, chart.wrapped_key, chart.practice_id, chart.id)
    return OpenChart(tx, chart, looker, now, key)


def chart_of(
    tx: Session,
    ring: KeyRing,
    practice_id: UUID,
    client_id: UUID,
    account_id: UUID | None,
    *,
    now: datetime,
) -> Chart:
    """The client's chart; made with a fresh data key where there is none yet.

    One that was opened for a guest learns of their account here, too, whichever comes first.
    """
    chart_id = uuid7()
    made = insert_or(Chart).values(
        practice_id=practice_id,
        id=chart_id,
        client_id=client_id,
        account_id=account_id,
        key_version=ring.current,
        wrapped_key=ring.wrap(new_data_key(), practice_id, chart_id),
        opened_at=now,
    )
    once = made.on_conflict_do_nothing(constraint="charts_one_per_client")
    if tx.execute(once.returning(Chart.id)).first() is not None:
        tx.add(ChartKey(chart_id=chart_id, practice_id=practice_id, key_version=ring.current))
    found = charts.chart_of_client(tx, practice_id, client_id)
    found.account_id = found.account_id or account_id
    return found
