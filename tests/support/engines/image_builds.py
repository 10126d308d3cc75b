"""Builds of an image by the engine's own API; the platform itself builds with buildx."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from mydocker_kit.docker.client import DockerClient


def build_image(
    client: DockerClient, context: bytes, parameters: Mapping[str, str]
) -> AsyncGenerator[dict[str, Any], None]:
    """Progress messages of `POST /build` for a tar archive; closing it stops the build."""
    headers = {"Content-Type": "application/x-tar"}
    return client._progress("build", params=parameters, data=context, headers=headers)
