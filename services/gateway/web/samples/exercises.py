"""Samples of exercises beside a session."""

from services.gateway.web.samples.account import Context
from services.gateway.web.samples.plans import ENTRY, REHEARSED

BESIDE: Context = {
    "action": "/practices/p/bookings/b/rehearsed",
    "plan_url": "/plans/p",
    "since": REHEARSED,
    "entries": [ENTRY],
    "exercises": [
        {
            "id": "2",
            "situation": ENTRY["situation"],
            "new_way": ENTRY["new_way"],
            "is_rehearsed": True,
            "rehearsed": REHEARSED,
        },
        {
            "id": "3",
            "situation": "My sister asks how I am.",
            "new_way": "Say one true sentence.",
            "is_rehearsed": False,
            "rehearsed": None,
        },
    ],
    "may_mark": True,
}
