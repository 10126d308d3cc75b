"""Files that hold no Course, a broken one or an attack make nothing."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from tests.api.campus import SSH, WEB, Campus
from tests.api.course_archives.course_files import changed, exported, members, refused
from tests.api.images.archives import HOSTILE, a_zip


@pytest.mark.parametrize(
    "kind", ["zip: ../", "zip: link out", "zip: bomb", "zip: encrypted", "no archive"]
)
async def test_a_hostile_file_is_refused_and_makes_nothing(campus: Campus, kind: str) -> None:
    teacher = await campus.teacher()
    code, make = HOSTILE[kind]
    assert (await refused(teacher, make()))["code"] == code
    assert (await teacher.get("/api/courses"))["total"] == 0


async def test_a_link_may_not_leave_the_folder_of_the_files(campus: Campus) -> None:
    teacher = await campus.teacher()
    buffer = io.BytesIO(await exported(teacher, await campus.course(teacher)))
    with zipfile.ZipFile(buffer, "a") as archive:
        link = zipfile.ZipInfo("image/files/manifest")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "../../course.json")  # inside the archive, outside of the files
    assert (await refused(teacher, buffer.getvalue()))["code"] == "archive_symlink_escape"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda manifest: manifest.update(version=2), "version"),
        (lambda manifest: manifest.update(colour="red"), "colour"),
        (lambda manifest: manifest["course"].update(title=""), "course.title"),
        (
            lambda manifest: manifest["course"].update(ports=[{**WEB, "number": 0}]),
            "course.ports.0.number",
        ),
        (
            lambda manifest: manifest.update(
                sessions=[{"students": 1, "day": -1, "time": "8", "minutes": 1}]
            ),
            "sessions.0.day",
        ),
        (lambda manifest: [], ""),
    ],
)
async def test_a_wrong_manifest_names_its_fields(
    campus: Campus, change: Callable[[Any], Any], field: str
) -> None:
    teacher = await campus.teacher()
    archive = await exported(teacher, await campus.course(teacher))
    broken = (
        changed(archive, change) if field else a_zip({**members(archive), "course.json": b"[["})
    )
    problem = await refused(teacher, broken)
    assert (problem["code"], problem["parameters"]["path"]) == (
        "course_file_invalid",
        "course.json",
    )
    assert field in [flaw["field"] for flaw in problem["fields"]]


async def test_what_is_no_course_and_what_lacks_its_dockerfile(campus: Campus) -> None:
    teacher = await campus.teacher()
    assert (await refused(teacher, a_zip({"a.txt": b"1"})))["code"] == "course_file_missing"
    files = members(await exported(teacher, await campus.course(teacher)))
    for broken in ({}, {"image/Dockerfile": b"\xff"}, {"image/Dockerfile": b"x" * 300_000}):
        rest = {name: data for name, data in files.items() if name != "image/Dockerfile"}
        problem = await refused(teacher, a_zip({**rest, **broken}))
        assert (problem["code"], problem["parameters"]["path"]) == (
            "course_file_invalid",
            "image/Dockerfile",
        )
    two_ports = changed(a_zip(files), lambda manifest: manifest["course"].update(ports=[SSH, SSH]))
    assert (await refused(teacher, two_ports))["code"] == "fields_invalid"
