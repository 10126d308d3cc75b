"""Uploads as a browser's tus client makes them."""

from typing import Any

from tests.api.campus import Person

PART = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


async def begin(person: Person, length: int) -> str:
    """The path of a new upload."""
    response = await person.http.post("/api/uploads", headers={"Upload-Length": str(length)})
    assert response.status_code == 201, response.text
    return str(response.headers["Location"])


async def uploaded(person: Person, data: bytes, part: int = 8 << 20) -> str:
    """The id of a complete upload, sent in parts."""
    path = await begin(person, len(data))
    for at in range(0, len(data), part):
        response = await person.http.patch(
            path, content=data[at : at + part], headers={**PART, "Upload-Offset": str(at)}
        )
        assert response.status_code == 204, response.text
    return path.rpartition("/")[2]


async def if_match(person: Person, image: str) -> dict[str, str]:
    """The header of a change to the files as they are now."""
    response = await person.http.get(f"/api/images/{image}/context")
    assert response.headers["ETag"] == response.json()["etag"]
    return {"If-Match": response.headers["ETag"]}


async def put_archive(person: Person, image: str, data: bytes) -> Any:
    """The files of an Image, after an archive took their place."""
    body = {"upload_id": await uploaded(person, data)}
    path = f"/api/images/{image}/context"
    response = await person.http.put(path, json=body, headers=await if_match(person, image))
    assert response.status_code == 200, response.text
    return response.json()


async def put_file(person: Person, image: str, path: str, data: bytes, **more: Any) -> Any:
    """The files of an Image, after one was added or replaced."""
    body = {"upload_id": await uploaded(person, data), "path": path, **more}
    path = f"/api/images/{image}/context/files"
    response = await person.http.put(path, json=body, headers=await if_match(person, image))
    assert response.status_code == 200, response.text
    return response.json()
