"""What each web request asked of the services, told by the product's own logs."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

CALLED = "call handled"


class Asked(NamedTuple):
    """Whom somebody asked: the gateway, or a service that has to know more to answer it."""

    caller: str
    service: str

    def __str__(self) -> str:
        return f"{self.caller}>{self.service}"


def calls_of(logs: Path) -> dict[str, Counter[Asked]]:
    """By request id, how often who asked whom; a log's older parts are read too."""
    found: dict[str, Counter[Asked]] = defaultdict(Counter)
    for path in logs.glob("*.log*"):
        for text in path.read_text(errors="replace").splitlines():
            if f'"{CALLED}"' in text and text.startswith("{"):
                line = json.loads(text)
                asked = Asked(line["caller"], line["service"])
                found[line.get("request_id", "")][asked] += 1
    return found


def beyond_one(calls: Counter[Asked]) -> dict[Asked, int]:
    """Who was asked more than once."""
    return {asked: count for asked, count in calls.items() if count > 1}
