"""Deleting a Course with work folders: what it says, undoing it, and how it is carried out."""

from datetime import timedelta

from tests.api.campus import Campus
from tests.api.retention.courses import folder, folders_of, run_retention, worked

LATER = timedelta(days=14, minutes=1)


async def test_a_deletion_says_what_goes_and_is_carried_out_later(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    students = [await worked(campus, course, subject) for subject in ("ada", "bob")]
    for student in students:
        (folder(campus, course, student) / "data").write_bytes(b"x" * 200_000)
    before = await folders_of(teacher, course, "?measure=true")
    assert (before["folders"], before["people"], before["measured"]) == (2, 2, 2)
    assert before["known_bytes"] >= 400_000
    await teacher.delete(f"/api/courses/{course}")

    assert (await teacher.get(f"/api/courses/{course}"))["status"] == "archived"
    shown = await folders_of(teacher, course)
    assert (shown["notice"], shown["can"]) == ("first", ["undo_deletion"])
    [mine] = (await students[0].get("/api/my-folders"))["items"]
    assert mine["deleted_at"] is not None
    path = f"/api/courses/{course}"
    assert await teacher.refused("DELETE", path) == (409, "course_being_deleted")
    ready = {"status": "ready"}
    assert await teacher.refused("POST", f"{path}/status", ready) == (409, "course_being_deleted")
    keep = {"until": None}
    refusal = await teacher.refused("PUT", f"{path}/folders/keep", keep)
    assert refusal == (409, "course_being_deleted")

    await run_retention(campus, timedelta(days=13))
    assert campus.orchestrator.erased == []
    volumes = {folder(campus, course, student).name for student in students}
    campus.orchestrator.mounted.add(max(volumes))
    await run_retention(campus, LATER)
    assert (await teacher.get(path))["status"] == "archived", "it goes with its last folder"
    campus.orchestrator.mounted.clear()
    await run_retention(campus, LATER + timedelta(hours=1))
    assert set(campus.orchestrator.erased) == volumes
    assert await teacher.refused("GET", path) == (404, "not_found")
    operator = await campus.operator()
    done = (await operator.get("/api/folders/erasures"))["items"]
    causes = {(row["cause"], row["course_title"], row["asked_by"]) for row in done}
    assert causes == {("course_deleted", "Cryptography", "Grace")}


async def test_a_deletion_is_undone(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    path = f"/api/courses/{course}"
    assert await teacher.refused("DELETE", f"{path}/deletion") == (409, "course_not_deleted")
    await teacher.delete(path)
    assert await ada.refused("DELETE", f"{path}/deletion") == (404, "not_found")
    answer = await teacher.http.delete(f"{path}/deletion")
    assert answer.is_success, answer.text
    assert answer.json()["deleted_at"] is None
    assert (await teacher.get(path))["status"] == "ready"
    await run_retention(campus, LATER)
    assert campus.orchestrator.erased == []
    assert folder(campus, course, ada).joinpath("notes.txt").is_file()


async def test_a_course_without_folders_goes_at_once(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    assert (await folders_of(teacher, course))["folders"] == 0
    await teacher.delete(f"/api/courses/{course}")
    assert await teacher.refused("GET", f"/api/courses/{course}") == (404, "not_found")
