"""The files of an Image: replaced, changed, shown, downloaded, handed to the builder, collected."""

import asyncio
import gzip
import io
import tarfile
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from tests.api.campus import Campus, Person, an_image
from tests.api.images.archives import FILES, HOSTILE, a_tar, a_zip
from tests.api.images.uploading import if_match, put_archive, put_file, uploaded
from tests.conftest import ServiceKeys

from mydocker_api.build_contexts.retention import collect
from mydocker_api.models import BuildContext, ContextChunk, Upload
from mydocker_kit.clients.api import AUDIENCE, ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.errors import Forbidden, NotFound
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity


async def an_own_image(teacher: Person) -> str:
    return str((await teacher.post("/api/images", an_image()))["id"])


def paths(context: Any) -> list[str]:
    return [entry["path"] for entry in context["entries"]]


async def test_an_archive_becomes_the_files_of_an_image(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    empty = await teacher.get(f"/api/images/{image}/context")
    assert (empty["digest"], empty["entries"]) == (None, [])
    context = await put_archive(teacher, image, a_zip())
    assert paths(context) == ["requirements.txt", "src", "src/app.py", "src/données.csv"]
    assert (context["files"], context["size"]) == (3, sum(map(len, FILES.values())))
    folder = context["entries"][1]
    assert (folder["kind"], folder["size"]) == ("folder", 19)
    assert await teacher.get(f"/api/images/{image}/context") == context
    same = await put_archive(teacher, image, a_tar(mode="w:gz"))
    assert same["digest"] == context["digest"]


async def test_a_large_archive_sent_in_parts_comes_back_as_it_was(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    content = bytes(range(256)) * 12_000 + b"end"
    await put_archive(teacher, image, a_tar({"data.bin": content, "link.txt": b"x"}))
    answer = await teacher.http.get(f"/api/images/{image}/context/files/data.bin")
    assert answer.content == content
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    packed = await teacher.http.get(f"/api/images/{image}/context/archive")
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(packed.content))) as archive:
        data = archive.extractfile("data.bin")
        assert data is not None
        assert data.read() == content


async def test_single_files_are_added_replaced_and_removed(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    await put_archive(teacher, image, a_zip())
    first = await put_file(teacher, image, "bin/run.sh", b"#!/bin/sh\n", executable=True)
    assert "bin" in paths(first)
    again = await put_file(teacher, image, "bin/run.sh", b"#!/bin/bash\n")
    [script] = [entry for entry in again["entries"] if entry["path"] == "bin/run.sh"]
    assert (script["executable"], script["size"]) == (True, 12)
    now = await if_match(teacher, image)
    response = await teacher.http.delete(f"/api/images/{image}/context/files/src", headers=now)
    assert paths(response.json()) == ["bin", "bin/run.sh", "requirements.txt"]
    assert await teacher.refused("DELETE", f"/api/images/{image}/context/files/src") == (
        404,
        "not_found",
    )
    for path, code in (
        ("../x", "archive_path_traversal"),
        ("/x", "archive_path_absolute"),
        ("REQUIREMENTS.txt", "archive_duplicate_name"),
        ("requirements.txt/x", "archive_duplicate_name"),
        ("./", "archive_name_unusable"),
    ):
        body = {"upload_id": await uploaded(teacher, b"x"), "path": path}
        refused = await teacher.refused("PUT", f"/api/images/{image}/context/files", body)
        assert refused == (422, code)
    now = await if_match(teacher, image)
    cleared = await teacher.http.delete(f"/api/images/{image}/context", headers=now)
    assert cleared.json()["digest"] is None


async def test_files_that_came_meanwhile_are_neither_replaced_nor_removed_unseen(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    first = await put_archive(teacher, image, a_zip())
    seen = {"If-Match": first["etag"]}
    meanwhile = await put_file(teacher, image, "results.csv", b"1,2\n")
    path = f"/api/images/{image}/context"
    upload = {"upload_id": await uploaded(teacher, a_zip({"only": b"this"}))}
    for method, suffix, body in (
        ("PUT", "", upload),
        ("PUT", "/files", {**upload, "path": "results.csv"}),
        ("DELETE", "/files/results.csv", None),
        ("DELETE", "", None),
    ):
        url = path + suffix
        answer = await teacher.http.request(method, url, json=body, headers=seen)
        assert (answer.status_code, answer.json()["code"]) == (412, "edited_meanwhile")
        parameters = answer.json()["parameters"]
        assert (parameters["etag"], parameters["changed_by"]) == (meanwhile["etag"], "Grace")
        unnamed = await teacher.http.request(method, url, json=body)
        assert (unnamed.status_code, unnamed.json()["code"]) == (428, "if_match_required")
    assert await teacher.get(path) == meanwhile
    now = {"If-Match": meanwhile["etag"]}
    answer = await teacher.http.put(path, json=upload, headers=now)
    assert paths(answer.json()) == ["only"], "a refused upload may be sent again"


async def test_of_two_changes_of_one_moment_one_wins(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    now = await if_match(teacher, image)
    uploads = [await uploaded(teacher, b"x") for _ in range(4)]
    calls = (
        teacher.http.put(
            f"/api/images/{image}/context/files",
            json={"upload_id": id, "path": f"{number}.txt"},
            headers=now,
        )
        for number, id in enumerate(uploads)
    )
    answers = [answer.status_code for answer in await asyncio.gather(*calls)]
    assert sorted(answers) == [200, 412, 412, 412]


async def test_dockerignore_is_shown(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    await put_archive(teacher, image, a_zip())
    context = await put_file(teacher, image, ".dockerignore", b"src/*\n!src/app.py\n")
    ignored = {entry["path"]: entry["ignored"] for entry in context["entries"]}
    assert ignored == {
        ".dockerignore": False,
        "requirements.txt": False,
        "src": False,
        "src/app.py": False,
        "src/données.csv": True,
    }


async def test_a_missing_source_is_reported_before_building(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    await put_archive(teacher, image, a_zip())
    dockerfile = "FROM debian:12\nCOPY requirements.txt /\nCOPY app.py wrapper.sh /srv/\n"
    path = f"/api/images/{image}/dockerfile/check"
    checked = await teacher.post(path, {"dockerfile": dockerfile})
    assert checked["problems"] == [
        {"line": 3, "kind": "source_missing", "source": "app.py", "suggestion": "src/app.py"}
    ]


async def test_a_refused_archive_changes_nothing(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    before = await put_archive(teacher, image, a_zip())
    for kind in ("tar: ../", "zip: encrypted", "tar.gz: bomb"):
        code, make = HOSTILE[kind]
        body = {"upload_id": await uploaded(teacher, make())}
        refused = await teacher.refused("PUT", f"/api/images/{image}/context", body)
        assert refused == (422, code)
    assert await teacher.get(f"/api/images/{image}/context") == before
    path = f"/api/images/{image}/context"
    unknown = await teacher.refused("PUT", path, {"upload_id": str(uuid4())})
    assert unknown == (404, "not_found")
    half = await teacher.http.post("/api/uploads", headers={"Upload-Length": "5"})
    id = half.headers["Location"].rpartition("/")[2]
    assert await teacher.refused("PUT", path, {"upload_id": id}) == (409, "upload_incomplete")


async def test_a_build_is_asked_with_the_digest_and_the_builder_fetches_it(
    campus: Campus, service_keys: ServiceKeys
) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    context = await put_archive(teacher, image, a_zip())
    build = await teacher.post(f"/api/images/{image}/builds")
    assert build["context_digest"] == context["digest"]
    assert campus.builder.requests[UUID(build["id"])].context_digest == context["digest"]
    archive = await fetched(campus, service_keys, "mydocker-builder", context["digest"])
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        assert opened.getnames() == paths(context)
    with pytest.raises(NotFound):
        await fetched(campus, service_keys, "mydocker-builder", "0" * 64)
    with pytest.raises(Forbidden):
        await fetched(campus, service_keys, "mydocker-bastion", context["digest"])


async def fetched(campus: Campus, keys: ServiceKeys, caller: str, digest: str) -> bytes:
    identity = ServiceIdentity.load(caller, keys.private[caller].get_secret_value())
    client = ApiClient(ServiceClient(campus.address, AUDIENCE, identity, utc_now))
    try:
        return b"".join([data async for data in client.build_context(digest)])
    finally:
        await client.aclose()


async def test_files_are_their_owners(campus: Campus) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("linus")
    image = await an_own_image(teacher)
    await put_archive(teacher, image, a_zip())
    path = f"/api/images/{image}/context"
    own = {"upload_id": await uploaded(other, a_zip())}
    for method, suffix, body in (
        ("GET", "", None),
        ("PUT", "", own),
        ("DELETE", "", None),
        ("GET", "/archive", None),
        ("GET", "/files/requirements.txt", None),
        ("PUT", "/files", {**own, "path": "x"}),
        ("DELETE", "/files/requirements.txt", None),
    ):
        assert (await other.refused(method, path + suffix, body))[0] == 404, suffix
    stolen = {"upload_id": await uploaded(teacher, a_zip())}
    mine = await an_own_image(other)
    assert (await other.refused("PUT", f"/api/images/{mine}/context", stolen))[0] == 404


async def test_what_nothing_uses_is_collected(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await an_own_image(teacher)
    old = await put_archive(teacher, image, a_zip({"only-here": b"once", "shared": b"both"}))
    built = await put_archive(teacher, image, a_zip({"built": b"built"}))
    await teacher.post(f"/api/images/{image}/builds")
    new = await put_archive(teacher, image, a_zip({"shared": b"both"}))
    await uploaded(teacher, b"abandoned")

    async def collected(later: timedelta) -> tuple[set[str], int, int]:
        sessions = campus.services.sessions
        await collect(sessions, lambda: utc_now() + later, timedelta(days=30))
        async with sessions() as db:
            digests = set(await db.scalars(select(BuildContext.digest)))
            chunks = await db.scalar(select(func.count()).select_from(ContextChunk))
            uploads = await db.scalar(select(func.count()).select_from(Upload))
        return digests, chunks or 0, uploads or 0

    everything = {old["digest"], built["digest"], new["digest"]}
    assert await collected(timedelta(minutes=30)) == (everything, 3, 1)
    assert await collected(timedelta(hours=2)) == ({built["digest"], new["digest"]}, 2, 1)
    assert await collected(timedelta(days=31)) == ({new["digest"]}, 1, 0)
