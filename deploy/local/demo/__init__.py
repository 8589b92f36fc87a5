"""Demo data that looks like life: three practices, their people, and a year of sessions.

`load_demo(today)` reads the TOML files beside this module; `generate_sessions(data)` makes up
what happened in the year before that day and what is booked for the two weeks after it. Both
depend on nothing but their argument. A database is filled for one `today`: for another day the
same people come with other sessions.
"""

from deploy.local.demo.data import DemoData, DemoDataError
from deploy.local.demo.loading import load_demo
from deploy.local.demo.people import (
    DEMO_NAMESPACE,
    DemoCancellationTier,
    DemoClient,
    DemoClosure,
    DemoCredential,
    DemoHours,
    DemoLogin,
    DemoMember,
    DemoOffering,
    DemoPractice,
    DemoPractitioner,
    DemoTimeOff,
    demo_id,
)
from deploy.local.demo.sessions import DemoSession, generate_sessions

__all__ = [
    "DEMO_NAMESPACE",
    "DemoCancellationTier",
    "DemoClient",
    "DemoClosure",
    "DemoCredential",
    "DemoData",
    "DemoDataError",
    "DemoHours",
    "DemoLogin",
    "DemoMember",
    "DemoOffering",
    "DemoPractice",
    "DemoPractitioner",
    "DemoSession",
    "DemoTimeOff",
    "demo_id",
    "generate_sessions",
    "load_demo",
]
