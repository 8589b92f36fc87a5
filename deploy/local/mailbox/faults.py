"""Switches for what goes wrong at an SMTP server. Kept in memory: a restart heals."""

from __future__ import annotations

import fnmatch
import threading
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Stage = Literal["mail", "rcpt", "data"]


class Fault(BaseModel):
    """One switch.

    `reply` answers `code` (400 to 599) at `stage`: after MAIL FROM, RCPT TO or the message,
    which is then not kept. `drop` closes the connection at `stage` without an answer; after
    the message (`data`) it is kept when `is_kept`, so the sender cannot know. `to` is a glob
    over the recipients (stage `mail` knows none yet and ignores it). `count` is how often it
    strikes (null: always).
    """

    model_config = ConfigDict(extra="forbid")
    kind: Literal["reply", "drop"]
    stage: Stage = "data"
    code: Annotated[int, Field(ge=400, le=599)] = 451
    message: Annotated[str, Field(pattern=r"^[ -~]*$", max_length=200)] = "Try again later"
    is_kept: bool = True
    to: str = "*"
    count: Annotated[int, Field(ge=1)] | None = 1

    @model_validator(mode="after")
    def _whole_numbers_of_smtp(self) -> Fault:
        if self.code % 100 > 59:
            raise ValueError("code is no SMTP reply code (RFC 5321 section 4.2.1)")
        return self

    @property
    def reply(self) -> str:
        """The line that goes back."""
        enhanced = "4.3.0" if self.code < 500 else "5.3.0"
        return f"{self.code} {enhanced} {self.message}"


class Faults:
    """The switches that are on."""

    def __init__(self) -> None:
        self._on: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        with self._lock:
            self._on.append(fault)

    def clear(self) -> None:
        """Switch all off."""
        with self._lock:
            self._on.clear()

    def listed(self) -> list[Fault]:
        """Those that are on, with what is left of them."""
        with self._lock:
            return list(self._on)

    def struck(self, stage: Stage, recipients: list[str]) -> Fault | None:
        """The first fault that meets this stage, counted; or None."""
        with self._lock:
            for index, fault in enumerate(self._on):
                if fault.stage == stage and _meets(fault, recipients):
                    self._count(index, fault)
                    return fault
        return None

    def _count(self, index: int, fault: Fault) -> None:
        if fault.count == 1:
            del self._on[index]
        elif fault.count is not None:
            self._on[index] = fault.model_copy(update={"count": fault.count - 1})


def _meets(fault: Fault, recipients: list[str]) -> bool:
    return not recipients or any(fnmatch.fnmatch(one, fault.to) for one in recipients)
