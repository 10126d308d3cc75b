"""Courses as files, as teachers save and import them."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from tests.api.campus import Person
from tests.api.images.archives import a_zip
from tests.api.images.uploading import uploaded

IMPORTS = "/api/course-imports"


async def exported(person: Person, course: str, zone: str = "UTC") -> bytes:
    response = await person.http.get(f"/api/courses/{course}/export?zone={zone}")
    assert response.status_code == 200, response.text
    return response.content


async def checked_import(person: Person, archive: bytes) -> Any:
    return await person.post(f"{IMPORTS}/check", {"upload_id": await uploaded(person, archive)})


async def imported(person: Person, archive: bytes, **order: Any) -> Any:
    return await person.post(IMPORTS, {"upload_id": await uploaded(person, archive), **order})


async def refused(person: Person, archive: bytes) -> Any:
    body = {"upload_id": await uploaded(person, archive)}
    response = await person.http.post(f"{IMPORTS}/check", json=body)
    assert response.status_code == 422, response.text
    return response.json()


def members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.endswith("/")}


def changed(archive: bytes, change: Callable[[Any], Any]) -> bytes:
    """The archive with another `course.json`."""
    files: Mapping[str, bytes] = members(archive)
    manifest = json.loads(files["course.json"])
    manifest = change(manifest) or manifest
    return a_zip({**files, "course.json": json.dumps(manifest).encode()})
