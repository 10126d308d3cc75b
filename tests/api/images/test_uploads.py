"""Uploads in parts (tus): resumed, bounded, and their owner's alone."""

from collections.abc import AsyncIterator
from uuid import uuid4

from tests.api.campus import Campus
from tests.api.images.uploading import PART, begin, uploaded
from tests.support.waiting import until


async def test_an_upload_is_resumed_where_it_broke_off(campus: Campus) -> None:
    teacher = await campus.teacher()
    data = bytes(range(256)) * 10_000
    path = await begin(teacher, len(data))
    first = await teacher.http.patch(
        path, content=data[:1_500_000], headers={**PART, "Upload-Offset": "0"}
    )
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "1500000")
    again = await teacher.http.patch(
        path, content=data[:10], headers={**PART, "Upload-Offset": "0"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "upload_moved")
    known = await teacher.http.head(path)
    assert known.headers["Upload-Offset"] == "1500000"
    assert known.headers["Upload-Length"] == str(len(data))
    rest = await teacher.http.patch(
        path, content=data[1_500_000:], headers={**PART, "Upload-Offset": "1500000"}
    )
    assert rest.headers["Upload-Offset"] == str(len(data))


async def test_a_part_that_breaks_off_keeps_what_arrived(campus: Campus) -> None:
    teacher = await campus.teacher()
    path = await begin(teacher, 3_000_000)

    async def broken() -> AsyncIterator[bytes]:
        yield bytes(1_200_000)
        raise ConnectionError

    try:
        headers = {**PART, "Upload-Offset": "0"}
        await teacher.http.patch(path, content=broken(), headers=headers)
    except ConnectionError:
        pass

    async def stored() -> int:
        return int((await teacher.http.head(path)).headers["Upload-Offset"])

    offset = await until(stored, "what arrived is stored")
    assert 1 << 20 <= offset <= 1_200_000


async def test_uploads_are_bounded(campus: Campus) -> None:
    teacher = await campus.teacher()
    large = {"Upload-Length": str((100 << 20) + 1)}
    response = await teacher.http.post("/api/uploads", headers=large)
    assert (response.status_code, response.json()["code"]) == (413, "upload_too_large")
    path = await begin(teacher, 10)
    over = await teacher.http.patch(path, content=b"x" * 11, headers={**PART, "Upload-Offset": "0"})
    assert (over.status_code, over.json()["code"]) == (413, "upload_too_large")
    plain = await teacher.http.patch(path, content=b"x", headers={"Upload-Offset": "0"})
    assert (plain.status_code, plain.json()["code"]) == (415, "upload_unsupported")
    for _ in range(9):
        await begin(teacher, 1)
    more = await teacher.http.post("/api/uploads", headers={"Upload-Length": "1"})
    assert (more.status_code, more.json()["code"]) == (429, "too_many_uploads")
    await teacher.http.delete(path)
    await begin(teacher, 1)


async def test_an_upload_is_its_owners(campus: Campus) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("linus")
    path = f"/api/uploads/{await uploaded(teacher, b'abc')}"
    assert (await other.http.head(path)).status_code == 404
    assert await other.refused("DELETE", path) == (404, "not_found")
    assert await teacher.refused("DELETE", f"/api/uploads/{uuid4()}") == (404, "not_found")
