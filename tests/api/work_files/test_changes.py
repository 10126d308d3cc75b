"""A student puts files into the own work folder and deletes them there."""

from uuid import uuid4

from tests.api.campus import Campus
from tests.api.images.uploading import begin, uploaded
from tests.api.work_files.test_submissions import folder, working


async def test_a_student_puts_a_file_and_replaces_it(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await working(campus, course)
    work, path = folder(campus, course, ada), f"/api/courses/{course}/folder"
    data = bytes(range(256)) * 10_000  # more than a piece
    put = {"upload_id": await uploaded(ada, data), "path": "data/raw.bin"}
    assert await ada.post(f"{path}/files", put) == {
        "path": "data/raw.bin",
        "bytes": len(data),
        "replaced": False,
    }
    assert (work / "data/raw.bin").read_bytes() == data
    assert await ada.refused("POST", f"{path}/files", put) == (404, "not_found"), "it is used up"

    again = {"upload_id": await uploaded(ada, b"new"), "path": "data/raw.bin"}
    assert await ada.refused("POST", f"{path}/files", again) == (409, "file_exists")
    assert (work / "data/raw.bin").read_bytes() == data
    assert (await ada.post(f"{path}/files", {**again, "replace": True}))["replaced"] is True
    assert (work / "data/raw.bin").read_bytes() == b"new"


async def test_what_cannot_be_put_changes_nothing(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await working(campus, course), await working(campus, course, "bob")
    path = f"/api/courses/{course}/folder/files"
    upload = await uploaded(ada, b"abc")
    half = (await begin(ada, 5)).rpartition("/")[2]
    for wanted, said in (
        ({"upload_id": half, "path": "a"}, (409, "upload_incomplete")),
        ({"upload_id": str(uuid4()), "path": "a"}, (404, "not_found")),
        ({"upload_id": upload, "path": "../a"}, (422, "file_path_invalid")),
        ({"upload_id": upload, "path": ""}, (422, "file_path_invalid")),
        ({"upload_id": upload, "path": "notes.txt/a"}, (409, "file_exists")),
    ):
        assert await ada.refused("POST", path, wanted) == said
    assert await bob.refused("POST", path, {"upload_id": upload, "path": "a"}) == (404, "not_found")
    stranger = await campus.launch("eve", context=None)
    theirs = {"upload_id": await uploaded(stranger, b"x"), "path": "a"}
    assert await stranger.refused("POST", path, theirs) == (404, "not_found")
    names = [file.name for file in folder(campus, course, ada).iterdir()]
    assert names == ["notes.txt"]


async def test_an_upload_survives_a_machine_that_is_away(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await working(campus, course)
    path = f"/api/courses/{course}/folder/files"
    wanted = {"upload_id": await uploaded(ada, b"abc"), "path": "a"}
    campus.orchestrator.files.away = True
    assert await ada.refused("POST", path, wanted) == (503, "work_folder_unavailable")
    campus.orchestrator.files.away = False
    assert (await ada.post(path, wanted))["bytes"] == 3


async def test_students_have_limits_of_their_own(campus: Campus) -> None:
    student = await campus.launch("ada")
    large = await student.http.post("/api/uploads", headers={"Upload-Length": str((100 << 20) + 1)})
    assert (large.status_code, large.json()["code"]) == (413, "upload_too_large")
    for _ in range(3):
        await begin(student, 1)
    more = await student.http.post("/api/uploads", headers={"Upload-Length": "1"})
    assert (more.status_code, more.json()["code"]) == (429, "too_many_uploads")


async def test_a_student_deletes_files(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await working(campus, course)
    work, path = folder(campus, course, ada), f"/api/courses/{course}/folder/removals"
    (work / "old").mkdir()
    (work / "old" / "big").write_text("much")
    assert await ada.post(path, {"paths": ["old", "nothing"]}) == {"removed": 1}
    assert [file.name for file in work.iterdir()] == ["notes.txt"]
    assert await ada.refused("POST", path, {"paths": [""]}) == (422, "file_path_invalid")
    assert (await ada.refused("POST", path, {"paths": []}))[0] == 422
    bob = await campus.launch("bob")
    assert await bob.refused("POST", path, {"paths": ["notes.txt"]}) == (404, "work_folder_missing")
