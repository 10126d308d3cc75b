"""A real desktop, and the key with which api signs desktop tokens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.bastion.conftest import BastionStack
from tests.conftest import ServiceKeys
from tests.support.desktops import Desktop, desktop

from mydocker_kit.tokens import API_AUDIENCE, ServiceIdentity


@pytest.fixture
def identity(service_keys: ServiceKeys) -> ServiceIdentity:
    """Api's key, which alone signs desktop tokens."""
    return ServiceIdentity.load(API_AUDIENCE, service_keys.private[API_AUDIENCE].get_secret_value())


@pytest.fixture
def real(bastion: BastionStack, tmp_path: Path) -> Iterator[Desktop]:
    """A VNC server that knows the environment's generated password."""
    with desktop(tmp_path, bastion.api.password) as made:
        bastion.api.vnc_port = made.port
        yield made
