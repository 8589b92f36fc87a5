"""The notes of the demo: on which past sessions there are some, and what they say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from pydantic import TypeAdapter

from deploy.local.demo.data import DemoData
from deploy.local.demo.loading import DEMO_FOLDER, read_toml, shaped
from deploy.local.demo.sessions import DemoSession
from services.contracts.plans.notes import NoteContent

NEWEST_UNWRITTEN = 6
"""So many of the latest sessions wait for their notes; the one before them has a draft."""


@dataclass(frozen=True, slots=True)
class DemoNote:
    """A note on a session; `is_draft`: it is not signed yet."""

    session: DemoSession
    content: NoteContent
    is_draft: bool


def demo_notes(
    data: DemoData,
    sessions: Sequence[DemoSession],
    since: datetime,
    folder: Path = DEMO_FOLDER,
) -> Iterator[DemoNote]:
    """Notes on the attended sessions from then on of who signs in as practitioner, by start;
    `sessions` by start."""
    slug = next(one.person for one in data.logins if one.kind == "practitioner")
    attended = [
        one
        for one in sessions
        if one.practitioner == slug and one.state == "attended" and one.starts_at >= since
    ]
    written = attended[: max(0, len(attended) - NEWEST_UNWRITTEN)]
    for session, content in zip(written, cycle(_contents(folder)), strict=False):
        yield DemoNote(session, content, is_draft=session is written[-1])


def written_at(session: DemoSession) -> datetime:
    """When a note on a session is begun."""
    return session.ends_at + timedelta(minutes=5)


def _contents(folder: Path) -> list[NoteContent]:
    path = folder / "notes.toml"
    adapter = TypeAdapter(NoteContent)
    return [shaped(adapter, raw, path) for raw in read_toml(path)["notes"]]
