"""The application for tests: its routes are read once, what it remembers is each test's own."""

from copy import copy
from functools import cache

from fastapi import FastAPI
from starlette.datastructures import State

from services.gateway.app import create_app, furnish
from tests.unit.gateway.test_protection import settings


@cache
def _as_made() -> FastAPI:
    return create_app(settings())


def fresh_app() -> FastAPI:
    """The application with the settings that reach nothing; whoever adds routes makes another."""
    app = copy(_as_made())
    app.state = State()
    furnish(app, settings())
    return app
