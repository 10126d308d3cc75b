"""A real PostgreSQL for every test that asks: migrated once, cloned in milliseconds per test."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import settings
from playwright import async_api, sync_api
from pydantic import SecretStr

from mydocker_kit import http
from mydocker_kit.observability.logging import configure_logging
from mydocker_kit.postgres import migrations
from tests.support.postgresql import CARELESS, Database, server

# As in production, so that what is logged is what an operator would read; only that loggers are
# made at each use, to write where pytest captures now.
configure_logging("tests", "DEBUG", cache=False)

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A browser that shares two cores with other tests may well take far longer than the usual 5 s.
for expectations in (async_api.expect, sync_api.expect):
    expectations.set_options(timeout=60_000)
# So may a service that another one asks.
http.TIMEOUT = httpx.Timeout(100)

ROOT = Path(__file__).parent.parent
_REAL_PARTS = {"postgres", "everything", "browser", "swarm", "engine", "dev_platform"}
"""Fixtures that start a program. `database_url` and what stands on it ask for `postgres`."""
_WITH_PARTS = ("deploy", "edge", "lms", "outages", "sign_in", "isolation", "faults", "system",
               "compose", "benchmarks", "architecture")  # fmt: skip
"""Folders whose tests start programs by themselves, or need root."""
SERVICES = ("api", "orchestrator", "builder", "lti-gateway", "bastion")
TEMPLATE = "mydocker_template"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `unit` what starts no program: `make test-unit` runs these alone."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        fixtures = set(getattr(item, "fixturenames", ()))
        if folder not in _WITH_PARTS and not fixtures & _REAL_PARTS:
            item.add_marker("unit")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Database]:
    """One PostgreSQL for the whole run; gone afterwards."""
    with server(Path(tempfile.mkdtemp(prefix="mydocker-pg-")), CARELESS) as database:
        yield database


@pytest.fixture(scope="session")
def migrated_template(postgres: Database) -> str:
    """A database with every service's migrations applied."""
    postgres.run(f"CREATE DATABASE {TEMPLATE}")
    for service in SERVICES:
        folder = ROOT / "services" / service / "migrations"
        if (folder / "env.py").exists():
            migrations.upgrade(folder, postgres.url(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database_url(postgres: Database, migrated_template: str) -> Iterator[str]:
    """A database of this test's own, all schemas migrated, commits included."""
    name = f"t{uuid4().hex}"
    # Copying files takes half the time of writing each page to the log of changes.
    postgres.run(f"CREATE DATABASE {name} TEMPLATE {migrated_template} STRATEGY FILE_COPY")
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class ServiceKeys:
    """A key per service, and the folder of their public halves."""

    folder: Path
    private: dict[str, SecretStr]


def make_keys(folder: Path) -> ServiceKeys:
    """A new key for every service."""
    folder.mkdir(exist_ok=True)
    private = {}
    for service in SERVICES:
        name = f"mydocker-{service}"
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        private[name] = SecretStr(pem.decode())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{name}.pem").write_bytes(public)
    return ServiceKeys(folder, private)


@pytest.fixture(scope="session")
def service_keys(tmp_path_factory: pytest.TempPathFactory) -> ServiceKeys:
    """Keys of the services, by their audience names."""
    return make_keys(tmp_path_factory.mktemp("service-keys"))


@pytest.fixture(scope="session")
def vault_keys() -> SecretStr:
    """A key that seals secrets at rest."""
    return SecretStr(Fernet.generate_key().decode())
