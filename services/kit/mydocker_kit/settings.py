"""Settings every service has: from the environment, secrets from files (`<NAME>_FILE`)."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)


class _FileSource(EnvSettingsSource):
    """Reads `MYDOCKER_X` from the file named by `MYDOCKER_X_FILE` (Docker and Swarm secrets)."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = f"{self.env_prefix}{field_name}_FILE".upper()
        path = os.environ.get(name)
        value = Path(path).read_text(encoding="utf-8").strip() if path else None
        return value, field_name, False


class ProgramSettings(BaseSettings):
    """Frozen at start; a wrong value stops the service with the setting's name."""

    model_config = SettingsConfigDict(env_prefix="MYDOCKER_", frozen=True, extra="ignore")

    listen_host: str = "127.0.0.1"
    listen_port: int
    trusted_proxies: str = "127.0.0.1"
    """Addresses or networks, comma separated, of the edge: the client address it forwards is used.
    Rate limits count clients by that address; the header is ignored from anybody else."""
    log_level: str = "INFO"
    service_key: SecretStr
    """Ed25519 private key (PEM) this service signs its calls with."""
    trusted_service_keys: Path
    """Folder of `<service>.pem` public keys of the services that may call."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FileSource(settings_cls)


class ServiceSettings(ProgramSettings):
    """Settings of a service that keeps state."""

    database_url: SecretStr
    """`postgresql+asyncpg://…`; a role of its own per service."""
    database_pool: int = Field(default=20, ge=2, le=200)
    """Connections this process opens at most; each is opened when it is first needed, and kept."""
