"""Each trap of nameko and RabbitMQ that was measured, as a test against a real broker."""
