"""Client of this machine's volume plugin (`deploy.node.volumes`), and its check."""

from pathlib import Path
from typing import Any

import httpx
from pydantic import ValidationError

from deploy.machine.docker import Docker
from deploy.node.findings import Finding, finding
from deploy.node.settings import NodeSettings
from mydocker_kit.contracts.orchestrator.volumes import VolumeResized, VolumeUses
from mydocker_kit.errors import Unavailable

_SECONDS = 60.0
PLUGINS = Path("/run/docker/plugins")


class PluginAway(Unavailable):
    """The volume plugin of this machine does not answer."""

    code, title = "volume_plugin_away", "The volume plugin of this machine does not answer"


def uses(settings: NodeSettings) -> VolumeUses:
    """What its volumes hold; none where the settings name no folder of volumes."""
    if not settings.volumes:
        return VolumeUses()
    answer = call(settings, "/MyDocker.Usage", {})
    try:
        return VolumeUses.model_validate({"volumes": answer["volumes"]})
    except (KeyError, ValidationError) as error:
        raise PluginAway from error


def resize(settings: NodeSettings, name: str, bytes: int) -> VolumeResized:
    """Set the size of a volume; the plugin's refusal is in the answer."""
    answer = call(settings, "/MyDocker.Resize", {"name": name, "bytes": bytes})
    return VolumeResized(applied=bool(answer.get("applied")), error=str(answer.get("Err", "")))


def call(settings: NodeSettings, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """One call of the plugin; `PluginAway` without an answer."""
    return call_driver(settings.volume_driver, path, body)


def call_driver(driver: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """One call of the plugin of this name; `PluginAway` without an answer."""
    socket = PLUGINS / f"{driver}.sock"
    transport = httpx.HTTPTransport(uds=str(socket))
    try:
        with httpx.Client(transport=transport, timeout=_SECONDS) as client:
            response = client.post(f"http://plugin{path}", json=body)
            return dict(response.raise_for_status().json())
    except (httpx.HTTPError, ValueError) as error:
        raise PluginAway from error


def check(docker: Docker, settings: NodeSettings) -> Finding:
    """Whether the engine knows the plugin, and a write beyond a volume's size fails."""
    name = "volume plugin"
    known = docker.get("/info")["Plugins"].get("Volume") or []
    if settings.volume_driver not in known:
        how = "start mydocker-volumes.service (docs/operating/work-folders.md)"
        return finding(name, False, f"the engine knows no {settings.volume_driver}: {how}")
    try:
        error = str(call(settings, "/MyDocker.Health", {}).get("Err", ""))
    except PluginAway as away:
        error = away.title
    return finding(name, not error, error)
