"""Settings of the builder: its engine, its registry, its limits."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from mydocker_kit.settings import ServiceSettings

from .domain.references import parse_prefixes
from .domain.source_policy import parse_registries


def _registries(text: str) -> str:
    parse_registries(text)
    return text


def _prefixes(text: str) -> str:
    parse_prefixes(text)
    return text


class BuilderSettings(ServiceSettings):
    """Frozen at start."""

    listen_port: int = 8104
    api_url: str = "http://127.0.0.1:8102"
    """Where the files of Images are fetched."""
    build_engine_url: str = "unix:///var/run/docker.sock"
    """The engine that builds; in production one of its own, never a Swarm node's."""
    registry: str = Field(default="127.0.0.1:8105", pattern=r"^[a-z0-9.:\[\]-]+(/[a-z0-9._/-]+)?$")
    """The registry for images, by the name with which every node reaches it."""
    registry_username: str | None = None
    registry_password: SecretStr | None = None
    build_seconds: int = Field(default=1200, ge=1, le=86400)
    build_log_mib: int = Field(default=10, ge=1, le=1024)
    """Of one build's log that are stored; of a longer log the end is stored too."""
    build_image_mib: int = Field(default=8192, ge=1)
    """All layers of an image, unpacked."""
    build_image_layers: int = Field(default=100, ge=1, le=127)
    build_cgroup: str = Field(default="/mydocker-builds", pattern=r"^(/[A-Za-z0-9_.-]+)+$")
    """Parent of the control groups that limit builds; the engine's host makes them at its start."""
    build_group: int | None = Field(default=None, ge=1, lt=2**32 - 1)
    """Group id that buildx runs with: the build engine's, by which the firewall knows both. Needs
    the right to change groups (root, or CAP_SETGID)."""
    buildx: str = "docker-buildx"
    """BuildKit's client: a path, or a name to look up in PATH."""
    build_registries: Annotated[str, AfterValidator(_registries)] = (
        "docker.io,quay.io,ghcr.io,gcr.io,registry.gitlab.com,mcr.microsoft.com,nvcr.io,public.ecr.aws"
    )
    """Registries of base images, separated by commas; nothing else is fetched for a build."""
    external_registries: Annotated[str, AfterValidator(_prefixes)] = ""
    """Registries, or parts of one such as `ghcr.io/school`, whose images a Course may run without
    a build, separated by commas; empty: none. Machines pull from them without credentials."""
    builds_at_once: int = Field(default=2, ge=1, le=64)
    builds_waiting_per_person: int = Field(default=20, ge=1)
    """Queued builds of one person."""
    build_lease_seconds: float = Field(default=15.0, ge=1, le=600)
    """Lease of a running build: after this time without renewal it is requeued."""
