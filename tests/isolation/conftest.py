"""One engine for all probes, and two people's environments on it."""

import os
from collections.abc import Iterator

import pytest

from mydocker_kit.contracts.orchestrator.environments import Profile
from tests.isolation.inside import Ground4Probes, Inside, environment
from tests.isolation.world import world as a_world
from tests.orchestrator.serve_image import pushed_image


@pytest.fixture(scope="session")
def ground() -> Ground4Probes:
    url = os.environ.get("MYDOCKER_TEST_ENGINE")
    if not url:
        pytest.skip("MYDOCKER_TEST_ENGINE names no Swarm to test on (make engines)")
    registry = os.environ.get("MYDOCKER_TEST_REGISTRY", "127.0.0.1:5000")
    network = os.environ.get("MYDOCKER_TEST_NETWORK", "mydocker-open")
    return Ground4Probes(url, network, pushed_image(url, registry))


@pytest.fixture(scope="session")
def author(ground: Ground4Probes) -> Iterator[Inside]:
    """Who tries."""
    with environment(ground) as inside:
        yield inside


@pytest.fixture(scope="session")
def compat(ground: Ground4Probes) -> Iterator[Inside]:
    """Who tries as root of a container of the other profile."""
    with environment(ground, Profile.COMPAT) as inside:
        yield inside


@pytest.fixture(scope="session")
def neighbour(ground: Ground4Probes) -> Iterator[Inside]:
    """Who must not notice: its page answers on 8080."""
    with environment(ground) as inside:
        yield inside


@pytest.fixture(scope="session")
def world(ground: Ground4Probes) -> Iterator[None]:
    with a_world():
        yield
