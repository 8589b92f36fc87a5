"""Who may configure, write and read what at the broker: the whole table.

RabbitMQ checks three regular expressions per user (https://www.rabbitmq.com/access-control.html):
declaring or deleting asks *configure*; publishing to an exchange and binding a queue ask *write*
(of the exchange, of the queue); consuming and binding to an exchange ask *read*. Events and tasks
are trusted by these rights alone, so `write` on `<publisher>.events` belongs to its publisher only.
Nobody may write to the default exchange, which would reach every queue by its name.

All calls and answers pass through one topic exchange, so a queue bound to it with a foreign key
would hear passwords and actor tokens. Topic permissions (same page, "Topic Authorisation") narrow
it by routing key: who may send to whom, and that everybody listens for themselves alone. Nobody
may declare or delete that exchange either: as one of another type it would ask for no key. The
broker has it from its definitions.

Topic rights are no wall against a service that means ill. RabbitMQ 3.10 looks at them when a
message is published or a queue bound, and not when one exchange hands a message on to another: a
user may make exchanges and queues under the names of its answers, and `nameko-rpc` their alternate
exchange (https://www.rabbitmq.com/ae.html) or dead-letter exchange
(https://www.rabbitmq.com/dlx.html), and so send under any key. It cannot be taken from them, for
*configure* does not tell queues from exchanges. What a call may do is decided by its actor token,
which the callee checks and which only the holder of a caller's signing key can make; it names its
callee and lasts for a minute (`services/common/auth.py`). What holds at the broker is that nobody
hears the calls of another.
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

#: Whose events tell the gateway that an open calendar changed (docs/adr/0025).
CALENDARS = ("booking",)

#: Whom a service may call; the gateway calls everybody, the others wait for events.
CALLS: dict[str, tuple[str, ...]] = {
    "gateway": SERVICES,
    "billing": ("booking", "profiles"),
    "notify": ("booking", "profiles", "plans", "billing"),
    "plans": ("booking", "profiles"),
}
CALL_EXCHANGE = "nameko-rpc"
#: Answers go to a key that only who has asked knows: a random UUID.
ANSWER = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


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
    events = rf"{service}\.events"  # its own; nobody else may publish to it
    foreign = tuple(rf"{publisher}\.events" for publisher in CONSUMES[service])
    return Rights(
        configure=_any(*own, events),
        write=_any(*own, events, CALL_EXCHANGE),
        read=_any(*own, CALL_EXCHANGE, *foreign),
    )


def _gateway() -> Rights:
    """The gateway calls and hears answers, and that calendars change; it has no tasks.

    It hears on queues of its own that end with their connection, and publishes no event.
    """
    own = (r"rpc\.reply-.+", rf"changes\.{ANSWER}")
    return Rights(
        configure=_any(*own),
        write=_any(*own, CALL_EXCHANGE),
        read=_any(*own, CALL_EXCHANGE, *(rf"{one}\.events" for one in CALENDARS)),
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


@dataclass(frozen=True, slots=True)
class TopicRights:
    """Two regular expressions for routing keys of the exchange of calls: to send, to bind."""

    write: str
    read: str


def _calls(user: str) -> TopicRights:
    """Send to whom one calls, and answers; hear answers, and the calls to oneself."""
    callees = (rf"{callee}\.[a-z0-9_]+" for callee in CALLS.get(user, ()))
    own = rf"{user}\.\*"  # the key with which nameko binds a service's queue of calls
    return TopicRights(write=_any(ANSWER, *callees), read=_any(ANSWER, own))


#: What each broker user may send and hear on the exchange of calls.
CALL_RIGHTS: dict[str, TopicRights] = {user: _calls(user) for user in BROKER_USERS}
