"""Calls between services over RabbitMQ: the wire, the callee's side, and two callers."""
