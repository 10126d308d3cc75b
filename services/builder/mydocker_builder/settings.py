"""Settings of the builder: its engine, its registry, its limits."""

from pydantic import Field, SecretStr

from mydocker_kit.settings import ServiceSettings


class BuilderSettings(ServiceSettings):
    """Frozen at start."""

    listen_port: int = 8104
    build_engine_url: str = "unix:///var/run/docker.sock"
    """The engine that builds; in production one of its own, never a Swarm node's."""
    registry: str = Field(default="127.0.0.1:8105", pattern=r"^[a-z0-9.:\[\]-]+(/[a-z0-9._/-]+)?$")
    """The registry for images, by the name with which every node reaches it."""
    registry_username: str | None = None
    registry_password: SecretStr | None = None
    build_seconds: int = Field(default=1800, ge=1, le=86400)
    build_memory_mib: int = Field(default=2048, ge=64)
    build_cpu: float = Field(default=2.0, gt=0, le=256)
    builds_at_once: int = Field(default=2, ge=1, le=64)
    builds_waiting_per_person: int = Field(default=20, ge=1)
    """Queued builds of one person."""
    build_lease_seconds: float = Field(default=15.0, ge=1, le=600)
    """Lease of a running build: after this time without renewal it is requeued."""
