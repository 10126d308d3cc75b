"""What a person reads, exports and erases of what is stored about them."""

import io
import json
import zipfile
from datetime import timedelta

import httpx
from tests.api.campus import Campus
from tests.api.retention.courses import archived_since, folder, run_retention, worked

REQUEST = "/api/my-data/erasure-request"


async def test_a_person_reads_and_exports_what_is_stored(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    shown = await ada.get("/api/my-data")
    counts = {section["section"]: section["count"] for section in shown["sections"]}
    assert (counts["environments"], counts["memberships"], counts["identities"]) == (1, 1, 1)
    staying = {row["section"] for row in shown["sections"] if row["after"] == "anonymous"}
    assert staying == {"use", "visits", "environments", "messages_sent"}
    answer = await ada.http.get("/api/my-data/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        data = json.loads(archive.read("data.json"))
        files = archive.read("files.txt").decode()
    assert data["account"]["name"] == "Ada"
    assert [row["course"] for row in data["environments"]] == ["Cryptography"]
    assert "sealed_password" not in json.dumps(data)
    assert "notes.txt" in files
    bob = await campus.launch("bob", course=course, name="Bob")
    other = await bob.http.get("/api/my-data/export")
    with zipfile.ZipFile(io.BytesIO(other.content)) as archive:
        assert b"Ada" not in archive.read("data.json")


async def test_a_folder_of_an_archived_course_is_downloaded(campus: Campus) -> None:
    """The notice says: download what you want to keep. The window does not open any more."""
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    await archived_since(campus, course, teacher, days=100)
    assert (await ada.refused("GET", f"/api/courses/{course}/window"))[0] == 404
    [mine] = (await ada.get("/api/my-folders"))["items"]
    path = f"/api/my-data/folders/{mine['environment_id']}/downloads"
    address = await ada.post(path, {})
    async with httpx.AsyncClient(base_url=campus.address, trust_env=False) as browser:
        answer = await browser.get(address["url"])
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("notes.txt") == b"by ada"
    assert await teacher.refused("POST", path, {}) == (404, "not_found")
    assert (await ada.refused("POST", path, {"format": "rar"}))[0] == 422


async def test_an_operator_erases_a_person(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher, submissions={"allowed": True})
    ada = await worked(campus, course)
    work = folder(campus, course, ada)
    await ada.post(f"/api/courses/{course}/submissions")
    asked = await ada.http.put(REQUEST, json={"words": "I left in June."})
    assert asked.is_success, asked.text
    assert await ada.refused("PUT", REQUEST, {}) == (409, "erasure_asked")
    [entry] = (await operator.get("/api/erasure-requests?state=open"))["items"]
    assert (entry["name"], entry["folders"], entry["words"]) == ("Ada", 1, "I left in June.")
    path = f"/api/erasure-requests/{entry['id']}"
    assert await teacher.refused("POST", f"{path}/carry-out") == (403, "operators_only")
    done = await operator.post(f"{path}/carry-out")
    assert (done["state"], done["email"], done["words"]) == ("done", None, "")
    assert done["name"].startswith("erased-")
    assert not work.exists()
    assert await operator.refused("POST", f"{path}/carry-out") == (409, "erasure_decided")
    assert (await ada.refused("GET", "/api/my-data"))[0] in (401, 403)
    listed = await teacher.get(f"/api/courses/{course}/people")
    assert "Ada" not in json.dumps(listed)
    [erasure] = (await operator.get("/api/folders/erasures"))["items"]
    assert (erasure["cause"], erasure["asked_by"]) == ("person", "Olga")

    again = await campus.launch("ada", course=course, name="Ada")
    assert again.id != ada.id, "who comes back is somebody new"
    assert (await again.get("/api/my-folders"))["items"] == []


async def test_folders_of_an_erased_person_follow_their_machine(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    work = folder(campus, course, ada)
    await ada.http.put(REQUEST, json={})
    [entry] = (await operator.get("/api/erasure-requests"))["items"]
    campus.orchestrator.files.away = True
    await operator.post(f"/api/erasure-requests/{entry['id']}/carry-out")
    assert work.is_dir()
    campus.orchestrator.files.away = False
    await run_retention(campus, timedelta(hours=1))
    assert not work.exists()


async def test_who_owns_courses_or_operates_is_not_erased(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    await campus.course(teacher)
    for person in (teacher, operator):
        await person.http.put(REQUEST, json={})
    entries = {row["name"]: row for row in (await operator.get("/api/erasure-requests"))["items"]}
    assert entries["Grace"]["owned"] == 2
    codes = {
        name: await operator.refused("POST", f"/api/erasure-requests/{entry['id']}/carry-out")
        for name, entry in entries.items()
    }
    assert codes == {
        "Grace": (409, "person_owns_courses"),
        "Olga": (409, "erasure_of_operator"),
    }


async def test_a_request_is_refused_with_a_reason_or_withdrawn(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    ada = await campus.launch("ada", course=course, name="Ada")
    assert await ada.refused("DELETE", REQUEST) == (409, "erasure_decided")
    await ada.http.put(REQUEST, json={})
    assert (await ada.http.delete(REQUEST)).status_code == 204
    await ada.http.put(REQUEST, json={"words": "again"})
    [entry] = (await operator.get("/api/erasure-requests?state=open"))["items"]
    path = f"/api/erasure-requests/{entry['id']}/refuse"
    for bad in ({}, {"answer": ""}, {"answer": " "}, {"answer": "x" * 1001}):
        assert (await operator.refused("POST", path, bad))[0] == 422
    assert await ada.refused("POST", path, {"answer": "no"}) == (403, "operators_only")
    await operator.post(path, {"answer": "The exam is not graded."})
    request = (await ada.get("/api/my-data"))["request"]
    assert (request["state"], request["answer"]) == ("refused", "The exam is not graded.")
    assert (await ada.refused("PUT", REQUEST, {"words": "x" * 1001}))[0] == 422
