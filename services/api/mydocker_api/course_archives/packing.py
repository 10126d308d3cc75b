"""The archive of a Course: `course.json`, the Dockerfile, the start script and the files.

A zip that is not compressed: what one platform writes is within the limits of another with the
same settings, whatever the files hold.
"""

import io
import json
import tarfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from mydocker_kit.contracts.builder.build_contexts import ContextEntry
from mydocker_kit.postgres.db import Sessions

from ..build_contexts import content
from ..work_files.packing import zipped
from .schemas import DOCKERFILE, FILES, MANIFEST, WRAPPER, CourseFile


def archive(
    sessions: Sessions,
    course: CourseFile,
    recipe: tuple[str, str] | None,
    entries: Sequence[ContextEntry],
    now: datetime,
) -> AsyncIterator[bytes]:
    """The zip; `recipe`: Dockerfile and start script, `entries`: the files of the Image."""
    return zipped(_tar(sessions, course, recipe, entries, now), as_it_is=True)


async def _tar(
    sessions: Sessions,
    course: CourseFile,
    recipe: tuple[str, str] | None,
    entries: Sequence[ContextEntry],
    now: datetime,
) -> AsyncIterator[bytes]:
    yield _text(MANIFEST, _manifest(course), now)
    if recipe is not None:
        dockerfile, wrapper = recipe
        yield _text(DOCKERFILE, dockerfile, now)
        if wrapper:
            yield _text(WRAPPER, wrapper, now)
    inside = [entry.model_copy(update={"path": FILES + entry.path}) for entry in entries]
    async for data in content.tar_stream(sessions, inside):
        yield data


def _manifest(course: CourseFile) -> str:
    content = course.model_dump(mode="json")
    for field in ("status", "build_id"):
        del content["course"][field]
    del content["course"]["submissions"]["until"]
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _text(name: str, text: str, now: datetime) -> bytes:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(data), int(now.timestamp()), 0o644
    packed = io.BytesIO()
    packed.write(entry.tobuf(tarfile.PAX_FORMAT, "utf-8"))
    packed.write(data + b"\0" * (-len(data) % tarfile.BLOCKSIZE))
    return packed.getvalue()
