"""One town for all tests of the edge: its programs take seconds to start."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from tests.conftest import ServiceKeys
from tests.edge.town import Town, town
from tests.support.postgresql import Database


@pytest.fixture(scope="session")
async def site(
    tmp_path_factory: pytest.TempPathFactory,
    postgres: Database,
    migrated_template: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
) -> AsyncIterator[Town]:
    """Edge and api at work, fifty places for environments."""
    postgres.run(f"CREATE DATABASE town TEMPLATE {migrated_template}")
    folder, url = tmp_path_factory.mktemp("town"), postgres.url("town")
    async with town(folder, url, service_keys, vault_keys, 50) as running:
        yield running
