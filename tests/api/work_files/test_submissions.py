"""Submitting work, reading it, and downloads: who may, and what they get."""

import io
import tarfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from tests.api.campus import Campus, Person
from tests.api.environments.windows import ready
from tests.support.waiting import until

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole, LaunchContext
from mydocker_kit.contracts.gateway.rosters import Member


async def a_course(campus: Campus, teacher: Person, **rules: Any) -> str:
    return await campus.course(teacher, submissions={"allowed": True, **rules})


async def working(campus: Campus, course: str, subject: str = "ada", name: str = "") -> Person:
    """A student who has started the environment and saved a file."""
    student = await campus.launch(subject, course=course, name=name or subject.title())
    await ready(campus, student, course)
    (folder(campus, course, student) / "notes.txt").write_text(f"by {subject}")
    return student


def folder(campus: Campus, course: str, student: Person) -> Path:
    """The work folder of the student's environment."""
    [mount] = campus.orchestrator.specs[campus.environment(course, student)].volumes
    return campus.orchestrator.files.folder(mount.name)


async def submitted(student: Person, course: str, state: str = "ready") -> Any:
    """A new submission, once its copy has ended."""
    made = await student.post(f"/api/courses/{course}/submissions")
    assert made["state"] == "pending"

    async def settled() -> Any:
        mine = await student.get(f"/api/courses/{course}/submissions/mine")
        submission = next(item for item in mine["items"] if item["id"] == made["id"])
        return submission if submission["state"] != "pending" else None

    submission = await until(settled)
    assert submission["state"] == state, submission
    return submission


async def downloaded(person: Person, path: str, body: dict[str, Any]) -> httpx.Response:
    """What a browser gets at the address, without a token or a cookie."""
    address = await person.post(path, body)
    base = str(person.http.base_url)
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as browser:
        return await browser.get(address["url"])


async def test_a_teacher_reads_what_was_submitted(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await a_course(campus, teacher)
    ada = await working(campus, course)
    made = await submitted(ada, course)
    assert (made["files"], made["changing"]) == (1, 0)
    (folder(campus, course, ada) / "notes.txt").write_text("later")

    of_course = await teacher.get(f"/api/courses/{course}/submissions")
    [row] = of_course["items"]
    assert (row["name"], row["submission"]["id"], row["count"]) == ("Ada", made["id"], 1)
    path = f"/api/courses/{course}/submissions/{made['id']}"
    detail = await teacher.get(path)
    assert (detail["name"], detail["others"]) == ("Ada", [])
    listed = await teacher.get(f"{path}/files")
    assert [entry["name"] for entry in listed["entries"]] == ["notes.txt"]
    shown = await teacher.http.get(f"{path}/content", params={"path": "notes.txt"})
    assert shown.text == "by ada"
    assert shown.headers["content-security-policy"].startswith("sandbox")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert await teacher.refused("GET", f"{path}/content?path=../x") == (422, "file_path_invalid")
    assert await teacher.refused("GET", f"{path}/content?path=none") == (404, "file_missing")


async def test_the_list_says_who_has_not_submitted(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await a_course(campus, teacher)
    ada = await working(campus, course)
    await campus.launch("bob", course=course, name="Bob")
    campus.gateway.rosters["7"] = [
        Member(subject=subject, name=subject.title(), role=role)
        for subject, role in [
            ("ada", ContextRole.STUDENT),
            ("bob", ContextRole.STUDENT),
            ("cleo", ContextRole.STUDENT),
            ("grace", ContextRole.TEACHER),
        ]
    ]
    campus.gateway.roster_at = utc_now()
    await teacher.post(f"/api/courses/{course}/people/sync")
    await submitted(ada, course)

    async def names(which: str) -> list[str]:
        shown = await teacher.get(f"/api/courses/{course}/submissions{which}")
        assert (shown["submitted"], shown["everybody"]) == (1, 3)
        return [row["name"] for row in shown["items"]]

    assert await names("") == ["Ada", "Bob", "Cleo"]
    assert await names("?which=submitted") == ["Ada"]
    assert await names("?which=missing") == ["Bob", "Cleo"]


async def test_work_is_submitted_again_until_the_end(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await a_course(campus, teacher)
    ada = await working(campus, course)
    first = await submitted(ada, course)
    twice = await ada.post(f"/api/courses/{course}/submissions")
    assert twice["id"] == first["id"], "a second click at once is the same submission"
    shown = await teacher.get(f"/api/courses/{course}")
    draft = {key: shown[key] for key in ("title", "build_id", "status", "ports")}
    over = {"allowed": True, "until": (utc_now() - timedelta(minutes=1)).isoformat()}
    await teacher.put(f"/api/courses/{course}", {**draft, "submissions": over})
    path = f"/api/courses/{course}/submissions"
    assert await ada.refused("POST", path) == (409, "submissions_closed")
    mine = await ada.get(f"{path}/mine")
    assert (mine["state"], len(mine["items"])) == ("over", 1)


async def test_a_course_takes_no_submissions_unless_its_teacher_says_so(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await working(campus, course)
    path = f"/api/courses/{course}/submissions"
    assert await ada.refused("POST", path) == (409, "submissions_closed")
    assert (await ada.get(f"{path}/mine"))["state"] == "not_allowed"


async def test_what_went_wrong_is_shown(campus: Campus) -> None:
    """Never started, too large; and an orchestrator that is away loses nothing."""
    teacher = await campus.teacher()
    course = await a_course(campus, teacher)
    bob = await campus.launch("bob", course=course, name="Bob")
    path = f"/api/courses/{course}/submissions"
    assert await bob.refused("POST", path) == (404, "work_folder_missing")
    ada = await working(campus, course)
    campus.orchestrator.files.refuses = "work_folder_too_large"
    failed = await submitted(ada, course, "failed")
    assert failed["problem"] == "work_folder_too_large"
    shown = await teacher.get(f"{path}?which=submitted")
    assert shown["items"] == []
    campus.orchestrator.files.refuses = ""
    await submitted(ada, course)


async def test_no_student_reads_another_ones_work(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await a_course(campus, teacher)
    ada = await working(campus, course)
    made = await submitted(ada, course)
    bob = await working(campus, course, "bob")
    path = f"/api/courses/{course}/submissions"
    for tail in ("", "/files", "/content?path=notes.txt"):
        assert await bob.refused("GET", f"{path}/{made['id']}{tail}") == (404, "not_found")
    assert await bob.refused("GET", path) == (404, "not_found")
    chosen = {"submissions": [made["id"]]}
    assert await bob.refused("POST", f"{path}/downloads", chosen) == (404, "not_found")
    # Ada's snapshot, by the address of Bob's own folder.
    own = f"/api/courses/{course}/folder"
    assert (await bob.refused("GET", f"{own}/files?snapshot={made['id']}"))[0] == 404
    # A teacher of another course space, who owns nothing here.
    elsewhere = LaunchContext(
        registration_id=campus.people["ada"].arrival.user_id,
        deployment_id="1",
        context_id="8",
        title="Elsewhere",
    )
    assert elsewhere.context_id == "8"
    stranger = await campus.teacher("eve", builds=False, context=None)
    assert await stranger.refused("GET", f"{path}/{made['id']}") == (404, "not_found")


async def test_all_submissions_come_in_folders_that_sort(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await a_course(campus, teacher)
    for subject, name in (("ada", "Ada Lovelace"), ("alan", "Alan Turing"), ("cleo", "Cléo ABEL")):
        student = await working(campus, course, subject, name)
        await submitted(student, course)
    path = f"/api/courses/{course}/submissions/downloads"
    answer = await downloaded(teacher, path, {"format": "zip"})
    assert answer.status_code == 200
    assert ".zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert [name.split("_")[0] for name in names] == ["ABEL", "Lovelace", "Turing"]
        assert archive.read(names[1]) == b"by ada"
    answer = await downloaded(teacher, path, {"format": "tar.gz"})
    with tarfile.open(fileobj=io.BytesIO(answer.content), mode="r:gz") as tar:
        assert len(tar.getnames()) == 3


async def test_the_own_folder_is_downloaded_by_an_address_of_a_minute(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await working(campus, course)
    work = folder(campus, course, ada)
    (work / "src").mkdir()
    (work / "src" / "main.py").write_bytes(b"x" * 3_000_000)
    path = f"/api/courses/{course}/folder"
    listed = await ada.get(f"{path}/files")
    assert [entry["name"] for entry in listed["entries"]] == ["src", "notes.txt"]
    answer = await downloaded(ada, f"{path}/downloads", {"paths": ["src"], "format": "zip"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["src/", "src/main.py"]
        assert len(archive.read("src/main.py")) == 3_000_000
    one_file = {"paths": ["notes.txt"], "format": "file"}
    answer = await downloaded(ada, f"{path}/downloads", one_file)
    assert answer.text == "by ada"
    assert "notes.txt" in answer.headers["content-disposition"]
    two_files = {"paths": ["notes.txt", "src"], "format": "file"}
    refusal = await ada.refused("POST", f"{path}/downloads", two_files)
    assert refusal == (422, "one_file_needed")
    missing = await downloaded(ada, f"{path}/downloads", {"paths": ["none"]})
    assert (missing.status_code, missing.json()["code"]) == (404, "file_missing")
    assert await ada.refused("GET", f"/api/downloads/{'a' * 43}") == (404, "download_over")


async def test_a_student_restores_one_file_or_all(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await a_course(campus, teacher)
    ada = await working(campus, course)
    await submitted(ada, course)
    work, path = folder(campus, course, ada), f"/api/courses/{course}/folder"
    (work / "notes.txt").write_text("worse")
    (work / "extra").write_text("extra")
    [snapshot] = (await ada.get(f"{path}/snapshots"))["items"]
    restore = f"{path}/snapshots/{snapshot['id']}/restore"
    assert (await ada.post(restore, {"paths": ["notes.txt"]}))["files"] == 1
    assert (work / "notes.txt").read_text() == "by ada"
    assert (await ada.post(restore, {}))["removed"] == 1
    kinds = [item["kind"] for item in (await ada.get(f"{path}/snapshots"))["items"]]
    assert kinds == ["before_restore", "before_restore", "submission"]
    bob = await working(campus, course, "bob")
    assert await bob.refused("POST", restore, {}) == (404, "snapshot_missing")


async def test_a_machine_that_is_away_is_said(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await working(campus, course)
    campus.orchestrator.files.away = True
    path = f"/api/courses/{course}/folder/files"
    assert await ada.refused("GET", path) == (503, "work_folder_unavailable")
