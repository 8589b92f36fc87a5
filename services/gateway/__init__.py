"""gateway owns the HTTP API, the web app and the feeds, and neither data nor rules.

Emits and consumes nothing.
"""
