"""Reads an uploaded Course: unpacked in a child process like the files of an Image, then checked.

Nothing of it is believed: the archive passes the limits of `unpacking`, `course.json` its model,
and the paths and links of the Image's files are checked again below the folder that they come from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from mydocker_kit.contracts.builder.build_contexts import ContextEntry, EntryKind
from mydocker_kit.errors import Invalid
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.problems import FieldProblem

from ..build_contexts import queries
from ..build_contexts.content import file_content
from ..build_contexts.problems import problem_of
from ..domain.policy import Person
from ..images.schemas import ImageDraft
from ..metrics import CONTEXT_REFUSALS
from ..unpacking.process import Unpacker
from ..unpacking.refusal import ArchiveRefused
from ..unpacking.tree import checked_target
from ..uploads import service as uploads
from .schemas import DOCKERFILE, FILES, MANIFEST, WRAPPER, CourseFile

M = TypeVar("M", bound=BaseModel)
_OWN_ENTRIES = 16
"""Entries of the archive beside the files of the Image."""
_MOST_BYTES = {MANIFEST: 4 * 1024 * 1024, DOCKERFILE: 65536 * 4, WRAPPER: 262144 * 4}


class NoCourseFile(Invalid):
    """The archive has no `course.json`: it was not exported from a Course."""

    code, title = "course_file_missing", "The file holds no course"


class CourseFileInvalid(Invalid):
    """`course.json`, or a text beside it, cannot be used; `path` names the file."""

    code, title = "course_file_invalid", "The file cannot be read as a course"


@dataclass(frozen=True)
class Unpacked:
    """What an upload holds."""

    file: CourseFile
    image: ImageDraft | None
    files: Sequence[ContextEntry]
    """Of the Image, without the folder that holds them in the archive."""


async def unpack(
    sessions: Sessions, unpacker: Unpacker, person: Person, upload_id: UUID, now: datetime
) -> Unpacked:
    """The Course of a complete upload; raises `ArchiveProblem` or `CourseFileInvalid`."""
    async with transaction(sessions) as db:
        upload = await uploads.complete(db, person, upload_id)

    async def read(at: int, length: int) -> bytes:
        return await uploads.read(sessions, upload_id, at, length)

    async def store(chunks: Mapping[str, bytes]) -> None:
        async with transaction(sessions) as db:
            await queries.store_chunks(db, chunks, now)

    limits = replace(unpacker.limits, entries=unpacker.limits.entries + _OWN_ENTRIES)
    try:
        unpacked = await replace(unpacker, limits=limits).unpack(upload.length, read, store)
        entries = [ContextEntry.model_validate(entry) for entry in unpacked.entries]
        files = [_inside(entry) for entry in entries if entry.path.startswith(FILES)]
    except ArchiveRefused as refused:
        CONTEXT_REFUSALS.labels(refused.refusal.value).inc()
        raise problem_of(refused) from refused
    by_path = {entry.path: entry for entry in entries}
    manifest = await _text(sessions, by_path, MANIFEST)
    if manifest is None:
        raise NoCourseFile
    course = _checked(CourseFile, MANIFEST, manifest)
    return Unpacked(course, await _recipe(sessions, by_path, course), files)


def _inside(entry: ContextEntry) -> ContextEntry:
    path = entry.path.removeprefix(FILES)
    if entry.kind is EntryKind.LINK:
        checked_target(path, entry.target)
    return entry.model_copy(update={"path": path})


async def _recipe(
    sessions: Sessions, by_path: Mapping[str, ContextEntry], course: CourseFile
) -> ImageDraft | None:
    if course.image is None:
        return None
    fields = course.image.model_dump(exclude={"catalogue_entry", "files_left_out"})
    dockerfile = await _text(sessions, by_path, DOCKERFILE)
    if dockerfile is None:
        raise CourseFileInvalid(path=DOCKERFILE)
    wrapper = await _text(sessions, by_path, WRAPPER) or ""
    return _checked(
        ImageDraft, DOCKERFILE, {**fields, "dockerfile": dockerfile, "wrapper": wrapper}
    )


async def _text(sessions: Sessions, by_path: Mapping[str, ContextEntry], path: str) -> str | None:
    entry = by_path.get(path)
    if entry is None or entry.kind is not EntryKind.FILE:
        return None
    if entry.size > _MOST_BYTES[path]:
        raise CourseFileInvalid(path=path)
    data = b"".join([part async for part in file_content(sessions, entry)])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise CourseFileInvalid(path=path) from error


def _checked(model: type[M], path: str, content: object) -> M:
    """The model; `CourseFileInvalid` names the fields that are wrong."""
    try:
        if isinstance(content, str):
            return model.model_validate_json(content)
        return model.model_validate(content)
    except ValidationError as error:
        problem = CourseFileInvalid(path=path)
        problem.fields = [
            FieldProblem(
                field=".".join(str(part) for part in flaw["loc"]),
                code=flaw["type"],
                message=flaw["msg"],
            )
            for flaw in error.errors(include_url=False, include_input=False)[:20]
        ]
        raise problem from error
