"""One platform for all tests of outages: its programs take seconds to start."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from deploy.demo.programs.database import LOG_SETTINGS
from pydantic import SecretStr

from tests.conftest import ServiceKeys
from tests.outages.platform import Platform, platform
from tests.support.postgresql import server


@pytest.fixture(scope="session")
async def everything(
    tmp_path_factory: pytest.TempPathFactory, service_keys: ServiceKeys, vault_keys: SecretStr
) -> AsyncIterator[Platform]:
    """The platform at work, over a database of its own that keeps what it acknowledged."""
    folder = Path(tempfile.mkdtemp(prefix="mydocker-pg-"))
    with server(folder, LOG_SETTINGS) as database:
        logs = tmp_path_factory.mktemp("outages")
        async with platform(logs, database, service_keys, vault_keys) as running:
            yield running


@pytest.fixture(autouse=True)
def database_back(everything: Platform) -> Iterator[None]:
    yield
    if everything.database.running is None:
        everything.database.start()
