"""The files of an Image: shown, replaced, changed, downloaded; an archive for the builder."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from mydocker_kit.clients.builder import AUDIENCE as BUILDER
from mydocker_kit.contracts.builder.build_contexts import ContextDigest
from mydocker_kit.contracts.builder.dockerfile_checks import DockerfileCheck
from mydocker_kit.errors import Forbidden
from mydocker_kit.web.dependencies import CallingService
from mydocker_kit.web.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag

from ..deps import Builder, Composed, CurrentPerson, Now, SessionsOf
from . import service
from .schemas import (
    Context,
    DockerfileChecked,
    DockerfileDraft,
    FilePath,
    PutFile,
    ReplaceContext,
)

router = APIRouter(
    prefix="/api/images/{image_id}",
    tags=["images"],
)
inside = APIRouter(prefix="/internal", tags=["internal"])


async def _store(services: Composed) -> service.Store:
    return service.Store(services.sessions, services.unpacker)


Store = Annotated[service.Store, Depends(_store)]


@router.get("/context", responses=with_etag())
async def get_context(
    image_id: UUID, person: CurrentPerson, sessions: SessionsOf, response: Response
) -> Context:
    """The files of an Image as a tree, with what `.dockerignore` leaves out."""
    return tagged(response, await service.show(sessions, person, image_id))


@router.put("/context", responses=edit_responses())
async def replace_context(
    image_id: UUID,
    body: ReplaceContext,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    store: Store,
    now: Now,
    response: Response,
) -> Context:
    """Unpack an uploaded archive in the place of all files: zip, or tar (plain, gz, bz2, xz, zst).

    Refused with 422 and a code that begins with `archive_` when it is damaged, hostile or too
    large. Answers when it is unpacked, which may take some seconds.
    """
    changed = await service.replace(store, person, image_id, body.upload_id, if_match, now)
    return tagged(response, changed)


@router.delete("/context", responses=edit_responses())
async def clear_context(
    image_id: UUID,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    store: Store,
    now: Now,
    response: Response,
) -> Context:
    """Remove all files."""
    return tagged(response, await service.clear(store, person, image_id, if_match, now))


@router.get("/context/archive", response_class=StreamingResponse)
async def download_context(
    image_id: UUID, person: CurrentPerson, sessions: SessionsOf
) -> StreamingResponse:
    """All files as `context.tar.gz`."""
    stream = await service.archive(sessions, person, image_id)
    return StreamingResponse(
        stream, media_type="application/gzip", headers=_attachment("context.tar.gz")
    )


@router.put("/context/files", responses=edit_responses())
async def put_context_file(
    image_id: UUID,
    body: PutFile,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    store: Store,
    now: Now,
    response: Response,
) -> Context:
    """Add an uploaded file, or replace the one of its path."""
    return tagged(response, await service.put_file(store, person, image_id, body, if_match, now))


@router.get("/context/files/{path:path}", response_class=StreamingResponse)
async def download_context_file(
    image_id: UUID, path: FilePath, person: CurrentPerson, sessions: SessionsOf
) -> StreamingResponse:
    """The content of one file."""
    entry, stream = await service.file(sessions, person, image_id, path)
    headers = _attachment(entry.path.rpartition("/")[2]) | {"Content-Length": str(entry.size)}
    return StreamingResponse(stream, media_type="application/octet-stream", headers=headers)


@router.delete("/context/files/{path:path}", responses=edit_responses())
async def remove_context_file(
    image_id: UUID,
    path: FilePath,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    store: Store,
    now: Now,
    response: Response,
) -> Context:
    """Remove a file, or a folder with everything in it."""
    return tagged(response, await service.remove(store, person, image_id, path, if_match, now))


@router.post("/dockerfile/check")
async def check_dockerfile(
    image_id: UUID,
    body: DockerfileDraft,
    person: CurrentPerson,
    sessions: SessionsOf,
    builder: Builder,
) -> DockerfileChecked:
    """What is wrong in a Dockerfile with the files of this Image, before anything is built."""
    context, rules = await service.context_of(sessions, person, image_id)
    check = DockerfileCheck(
        dockerfile=body.dockerfile,
        has_wrapper=body.has_wrapper,
        paths=tuple(entry.path for entry in context.entries) if context else (),
        ignore=rules.text,
    )
    return DockerfileChecked(problems=await builder.check_dockerfile(check))


@inside.get("/build-contexts/{digest}", response_class=StreamingResponse)
async def build_context_archive(
    digest: ContextDigest, caller: CallingService, sessions: SessionsOf
) -> StreamingResponse:
    """A context as a tar archive, for the builder."""
    if caller != BUILDER:
        raise Forbidden(f"{caller} may not read build contexts")
    stream = await service.archive_of(sessions, digest)
    return StreamingResponse(stream, media_type="application/x-tar")


def _attachment(name: str) -> dict[str, str]:
    """Headers of a download: a browser never shows what somebody uploaded as a page of ours."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
