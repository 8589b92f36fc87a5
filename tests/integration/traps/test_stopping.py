"""A service that is told to stop while it starts."""

from services.common.events import EventQueueConsumer


def test_handlers_that_stop_before_the_consumer_is_ready_end_its_wait_once() -> None:
    """nameko's own consumer raises for the second handler, and its process stays for ever."""
    consumer = EventQueueConsumer()
    handlers = [object(), object(), object()]
    for handler in handlers:
        consumer.register_provider(handler)
    for handler in handlers:
        consumer.unregister_provider(handler)
    consumer.wait_for_providers()
