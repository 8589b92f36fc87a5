"""Who may configure, write and read what at the broker: the whole table.

RabbitMQ checks three regular expressions per user (https://www.rabbitmq.com/access-control.html):
declaring or deleting asks *configure*; publishing to an exchange and binding a queue ask *write*
(of the exchange, of the queue); consuming and binding to an exchange ask *read*. Events and tasks
are trusted by these rights alone, so `write` on `<publisher>.events` belongs to its publisher only.
Nobody may write to the default exchange, which would reach every queue by its name.
"""

from dataclasses import dataclass

from deploy.local.names import SERVICES

#: Whose events a service consumes.
CONSUMES: dict[str, tuple[str, ...]] = {
    # the directory follows offerings, next free times and prices
    "profiles": ("profiles", "booking", "billing", "plans"),
    # confirms on payments, books a plan's course, follows practitioners and erased accounts
    "booking": ("booking", "profiles", "billing", "plans"),
    # a plan becomes active when its course is booked
    "plans": ("plans", "profiles", "booking", "billing"),
    # makes payments for holds, refunds cancellations
    "billing": ("billing", "profiles", "booking", "plans"),
    # tells people about everything
    "notify": SERVICES,
}


@dataclass(frozen=True, slots=True)
class Rights:
    """Three regular expressions, each matched against the whole name."""

    configure: str
    write: str
    read: str


def _any(*names: str) -> str:
    return f"^({'|'.join(names)})$"


def _service(service: str) -> Rights:
    """The rights of one service: its own queues, its own exchange, foreign events to read."""
    own = (
        f"rpc-{service}",  # the queue its calls arrive in
        r"rpc\.reply-.+",  # answers to its own calls; the name holds a random id
        rf"evt-[a-z]+-[a-z0-9_]+--{service}\.[a-z0-9_]+",  # what it consumes, shared by copies
    )
    shared_declared = (
        "nameko-rpc",  # nameko declares the exchange of calls in every process
        rf"{service}\.events",  # its own events; nobody else may publish to it
    )
    foreign = tuple(rf"{publisher}\.events" for publisher in CONSUMES[service])
    return Rights(
        configure=_any(*own, *shared_declared),
        write=_any(*own, *shared_declared),
        read=_any(*own, "nameko-rpc", *foreign),
    )


def _gateway() -> Rights:
    """The gateway calls and hears answers; it has no events and no tasks."""
    replies = r"rpc\.reply-.+"
    return Rights(
        configure=_any(replies, "nameko-rpc"),
        write=_any(replies, "nameko-rpc"),
        read=_any(replies, "nameko-rpc"),
    )


def _celery() -> Rights:
    """Worker and beat: Celery's own queues and exchanges. No service sends or takes tasks."""
    tasks = (
        r"tasks(\.[a-z0-9_]+)?",  # task queues and their exchanges
        "celery_delayed_[a-z0-9_]+",  # Celery's delay exchanges, which quorum queues need
        r"celeryev(\..+)?",  # worker events
        r".+\.celery\.pidbox",  # remote control, one queue per worker
        r"(reply\.)?celery\.pidbox",
    )
    return Rights(configure=_any(*tasks), write=_any(*tasks), read=_any(*tasks))


#: Every broker user with its rights on the vhost. There is no `guest`, and no administrator.
BROKER_USERS: dict[str, Rights] = {
    **{service: _service(service) for service in SERVICES},
    "gateway": _gateway(),
    "celery": _celery(),
}
