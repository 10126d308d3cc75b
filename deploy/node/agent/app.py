"""The program that stays on a node: keeps the rules laid, and tells the orchestrator what is so.

`GET /node` the newest checks; `GET /containers/{id}` how one of our containers is held;
`GET /containers/{id}/sockets` what listens in it;
`PUT /containers/{id}/folder` makes a work folder writable for its user; `GET /disk` what our
containers wrote; `GET /volumes` which named volumes of environments are here; `GET /usage` the CPU
and memory that environments use; `GET /volumes/uses` what volumes with a size hold,
`PUT /volumes/{name}/size` gives them another; `/folders` reads, copies and restores work folders
(`deploy.node.folder_files`). Only for who signs with the orchestrator's key.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi import Path as ApiPath
from fastapi.responses import PlainTextResponse

from deploy.machine.docker import Docker
from deploy.node import checks, firewall
from deploy.node.findings import Finding
from deploy.node.folder_files.access import VolumeAccess
from deploy.node.folder_files.endpoints import FolderFiles
from deploy.node.folder_files.endpoints import router as folder_files
from deploy.node.folder_files.snapshots import SnapshotStore
from deploy.node.settings import AUDIENCE, ORCHESTRATOR, NodeSettings
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.disks import DiskLook, DiskWalk
from mydocker_kit.contracts.orchestrator.usage import UsageLook
from mydocker_kit.contracts.orchestrator.volumes import (
    PLATFORM_LABEL,
    VolumeList,
    VolumeResized,
    VolumeSize,
    VolumeUses,
)
from mydocker_kit.contracts.orchestrator.work_folders import FolderAnswer, FolderRequest
from mydocker_kit.docker.errors import EngineError
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import configure_logging, get_logger
from mydocker_kit.tokens import ServiceTrust
from mydocker_kit.web.app import create_app
from mydocker_kit.web.dependencies import calling_service

from . import disk, folders, usage, volume_plugin

KEPT_EVERY = 60.0
log = get_logger()
VolumeName = Annotated[str, ApiPath(pattern=r"^[a-z0-9][a-z0-9_.-]{1,120}$")]
router = APIRouter(tags=["node"], dependencies=[Depends(calling_service)])


@router.get("/node")
async def tell_checks(request: Request) -> dict[str, Any]:
    """The checks, done now: an answer from yesterday admits nobody."""
    settings = _settings(request)
    findings = await asyncio.to_thread(_checked, settings)
    return {"findings": [asdict(finding) for finding in findings], "direct": settings.direct}


@router.get("/containers/{id}")
async def tell_container(id: str, request: Request) -> dict[str, Any]:
    """The settings of one container of this platform; no environment variables, no secrets."""
    settings = _settings(request)
    raw = await asyncio.to_thread(_inspected, settings, id)
    if not _is_ours(raw):
        raise NotFound(f"container {id}")
    return {
        "Config": {"User": raw["Config"].get("User")},
        "HostConfig": raw["HostConfig"],
        "AppArmorProfile": raw.get("AppArmorProfile", ""),
        "ResolvConfPath": raw.get("ResolvConfPath", ""),
    }


@router.get("/containers/{id}/sockets", response_class=PlainTextResponse)
async def list_sockets(id: str, request: Request) -> str:
    """The TCP sockets of one container of this platform, as the kernel lists them."""
    raw = await asyncio.to_thread(_inspected, _settings(request), id)
    process = int((raw.get("State") or {}).get("Pid") or 0)
    if not _is_ours(raw) or not process:
        raise NotFound(f"container {id}")
    return await asyncio.to_thread(_sockets, process)


@router.put("/containers/{id}/folder")
async def make_folder_writable(id: str, body: FolderRequest, request: Request) -> FolderAnswer:
    """Make the container's user the owner of a work folder in which it cannot write."""
    raw = await asyncio.to_thread(_with_sources, _settings(request), id)
    process = int((raw.get("State") or {}).get("Pid") or 0)
    if not _is_ours(raw) or not process:
        raise NotFound(f"container {id}")
    try:
        writable = await asyncio.to_thread(folders.make_writable, raw, body.path, process)
    except ProcessLookupError as error:
        raise NotFound(f"container {id}") from error
    return FolderAnswer(writable=writable)


@router.get("/disk")
async def tell_disk(walk: DiskWalk, request: Request) -> DiskLook:
    """What our running containers wrote; one walk of a kind at a time, whoever asks."""
    walking: asyncio.Lock = request.app.state.walking[walk]
    if walking.locked():
        raise Conflict(f"{walk.value} are being walked already")
    async with walking:
        return await asyncio.to_thread(_measured, _settings(request), walk)


@router.get("/usage")
async def tell_usage(request: Request) -> UsageLook:
    """CPU time and memory of the running containers of environments; one look at a time."""
    looking: asyncio.Lock = request.app.state.looking
    async with looking:
        return await asyncio.to_thread(_usage, _settings(request))


@router.get("/volumes/uses")
async def measure_volumes(request: Request) -> VolumeUses:
    """What the volumes of this machine's plugin hold; none where no plugin runs."""
    return await asyncio.to_thread(volume_plugin.uses, _settings(request))


@router.put("/volumes/{name}/size")
async def resize_volume(name: VolumeName, body: VolumeSize, request: Request) -> VolumeResized:
    """Set the size of a volume of this machine's plugin; a refusal is an answer."""
    return await asyncio.to_thread(volume_plugin.resize, _settings(request), name, body.bytes)


@router.get("/volumes")
async def list_volumes(request: Request) -> VolumeList:
    """The named volumes of environments on this machine, mounted now or not."""
    return await asyncio.to_thread(_volumes, _settings(request))


def _settings(request: Request) -> NodeSettings:
    now: Callable[[], NodeSettings] = request.app.state.settings_now
    return now()


def build(settings: NodeSettings, now: Callable[[], NodeSettings] | None = None) -> FastAPI:
    """The agent of one node. `now`: the settings as they are at that moment, for all but who may
    ask it; without it they never change."""
    now = now or (lambda: settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        keeping = asyncio.create_task(_keep(now))
        try:
            yield
        finally:
            keeping.cancel()

    async def ready() -> None:
        return

    routers = [router, folder_files]
    app = create_app("node", "MyDocker node", lifespan=lifespan, routers=routers, ready=ready)
    app.state.settings_now, app.state.clock = now, utc_now
    app.state.trust = _trust(settings.trusted_key)
    app.state.folder_files = FolderFiles(
        lambda: VolumeAccess(now().engine), SnapshotStore(Path(settings.snapshots))
    )
    app.state.looking = asyncio.Lock()
    app.state.walking = {walk: asyncio.Lock() for walk in DiskWalk}
    return app


def serve(path: Path) -> None:
    """Until it is ended. What another `join` writes is followed: the rules of yesterday's settings
    would else be laid over today's."""
    settings = NodeSettings.read(path)
    app = build(settings, partial(NodeSettings.read, path))
    configure_logging("node")
    uvicorn.run(
        app, host=settings.address, port=settings.agent_port, log_config=None, access_log=False
    )


async def _keep(now: Callable[[], NodeSettings]) -> None:
    """Lay rules that somebody flushed again within a minute, and log it."""
    while True:
        try:
            guard = (await asyncio.to_thread(now)).guard()
            missing = await asyncio.to_thread(firewall.missing, guard)
            if missing:
                log.error("node.rules_missing", missing=missing)
                await asyncio.to_thread(firewall.lay, guard)
        except Exception as error:
            log.error("node.rules_unknown", error=error)
        await asyncio.sleep(KEPT_EVERY)


def _checked(settings: NodeSettings) -> list[Finding]:
    with Docker(settings.engine) as docker:
        return checks.of_settings(docker, settings)


def _inspected(settings: NodeSettings, id: str) -> dict[str, Any]:
    with Docker(settings.engine) as docker, suppress(EngineError):
        return dict(docker.get(f"/containers/{id}/json"))
    raise NotFound(f"container {id}")


def _with_sources(settings: NodeSettings, id: str) -> dict[str, Any]:
    """`docker inspect`, with the sources of volumes: the engine leaves out those of plugins."""
    raw = _inspected(settings, id)
    with Docker(settings.engine) as docker:
        for mount in raw.get("Mounts") or ():
            if mount.get("Type") == "volume" and not mount.get("Source"):
                with suppress(EngineError):
                    mount["Source"] = docker.get(f"/volumes/{mount['Name']}")["Mountpoint"]
    return raw


def _is_ours(raw: dict[str, Any]) -> bool:
    """What else runs on this machine is nobody's business."""
    labels = (raw.get("Config") or {}).get("Labels") or {}
    return labels.get("mydocker.platform") is not None


def _sockets(process: int) -> str:
    """Read through the container's main process; empty once it has ended."""
    texts = []
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            texts.append(Path(f"/proc/{process}/net/{name}").read_text(encoding="ascii"))
    return "".join(texts)


def _measured(settings: NodeSettings, walk: DiskWalk) -> DiskLook:
    with Docker(settings.engine) as docker:
        return disk.look(docker, walk)


def _usage(settings: NodeSettings) -> UsageLook:
    with Docker(settings.engine) as docker:
        return usage.look(docker)


def _volumes(settings: NodeSettings) -> VolumeList:
    with Docker(settings.engine) as docker:
        listed = docker.get("/volumes", filters=json.dumps({"label": [PLATFORM_LABEL]}))
        return VolumeList.parse(listed["Volumes"] or ())


def _trust(pem: str) -> ServiceTrust:
    with TemporaryDirectory() as folder:
        if pem:
            (Path(folder) / f"{ORCHESTRATOR}.pem").write_text(pem, encoding="utf-8")
        return ServiceTrust.load(AUDIENCE, Path(folder))
