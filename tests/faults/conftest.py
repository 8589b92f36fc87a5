"""The mark of the full forms, for `make faults`."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: left out of the short form of the suites")
