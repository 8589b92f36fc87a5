"""The nameko class of plans."""

from services.common.service import Service


class PlansService(Service):
    """Answers for its health until therapy plans move in."""

    name = "plans"
