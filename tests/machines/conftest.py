"""Machines of their own for each file: the Swarm of `tests/faults` has the same network names.

Hence a run of their own (Makefile): two labs in one run would end each other.
"""

import pytest

# The fixtures of the orchestrator's own tests serve here too.
from tests.orchestrator.conftest import run as run
from tests.orchestrator.conftest import settings as settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A machine is made and joined in half a minute."""
    for item in items:
        if "/machines/" in item.nodeid and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))
