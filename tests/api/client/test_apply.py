"""`mydocker apply` and `export`: a Course from a file, the difference first, twice the same."""

import time
from pathlib import Path
from typing import Any

import pytest
from tests.api.campus import Campus, Person
from tests.api.client.test_commands import signed_in

FILE = """\
version: 1
course:
  title: Databases
  description: From tables to transactions
  image: OpenSSL practice
  status: ready
  ports:
    - {title: JupyterLab, kind: web, number: 8888}
sessions:
  - title: Week 1
    starts_at: 2030-09-02T08:00:00+02:00
    ends_at: 2030-09-02T10:00:00+02:00
    students: 24
  - title: Week 2
    starts_at: 2030-09-09T08:00:00+02:00
    ends_at: 2030-09-09T10:00:00+02:00
    students: 24
"""


async def test_a_course_from_a_file_and_a_second_time_nothing(
    campus: Campus, tmp_path: Path
) -> None:
    teacher = await campus.teacher()
    await campus.built_image(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    (tmp_path / "course.yaml").write_text(FILE)
    check = await shell.mydocker("apply", "course.yaml", "--check")
    assert check.code == 9
    assert check.out.splitlines() == [
        "+ course 'Databases'",
        "+ session 'Week 1'",
        "+ session 'Week 2'",
    ]
    assert (await teacher.get("/api/courses"))["total"] == 0, "nothing is changed"
    refused = await shell.mydocker("apply", "course.yaml", stdin="n\n")
    assert refused.code == 1
    assert (await teacher.get("/api/courses"))["total"] == 0
    await shell.done("apply", "course.yaml", stdin="y\n")
    [course] = (await teacher.get("/api/courses"))["items"]
    assert (course["title"], course["status"], course["sessions"]) == ("Databases", "ready", 2)
    before = await teacher.get(f"/api/courses/{course['id']}")
    assert (await shell.done("apply", "course.yaml", "--yes")).out == "Nothing to change.\n"
    assert (await shell.done("apply", "course.yaml", "--check")).out == "Nothing to change.\n"
    after = await teacher.get(f"/api/courses/{course['id']}")
    assert after["updated_at"] == before["updated_at"]


async def test_changes_are_shown_and_made(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    await campus.built_image(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    file = tmp_path / "course.yaml"
    file.write_text(FILE)
    await shell.done("apply", "course.yaml", "--yes")
    week_2 = FILE.index("  - title: Week 2")
    file.write_text(FILE[:week_2].replace("tables", "rows").replace("students: 24", "students: 30"))
    said = (await shell.done("apply", "course.yaml", "--yes", "--prune")).out.splitlines()
    assert said[:-1] == [
        "~ course 'Databases'",
        "    description: 'From tables to transactions' → 'From rows to transactions'",
        "~ session 'Week 1'",
        "    students: 24 → 30",
        "- session 'Week 2'",
    ]
    [session] = (await teacher.get("/api/sessions"))["items"]
    assert (session["title"], session["students"]) == ("Week 1", 30)


async def test_what_is_exported_makes_the_same_course(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    await campus.built_image(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    (tmp_path / "course.yaml").write_text(FILE)
    await shell.done("apply", "course.yaml", "--yes")
    [course] = (await teacher.get("/api/courses"))["items"]
    exported = (await shell.done("export", course["id"])).out
    assert "image: OpenSSL practice" in exported
    (tmp_path / "again.yaml").write_text(exported)
    assert (await shell.done("apply", "again.yaml")).out == "Nothing to change.\n"
    (tmp_path / "again.yaml").write_text(exported.replace("title: Databases", "title: Copy"))
    await shell.done("apply", "again.yaml", "--yes")
    listed = (await teacher.get("/api/courses"))["items"]
    assert {(entry["title"], entry["sessions"]) for entry in listed} == {
        ("Databases", 2),
        ("Copy", 2),
    }


async def test_an_image_of_another_registry(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    await campus.built_image(teacher)
    digest = "sha256:" + "0a" * 32
    campus.builder.published = {"docker.io/library/debian:12": digest}
    shell = await signed_in(campus, teacher, tmp_path)
    file = tmp_path / "course.yaml"
    external = FILE.replace("image: OpenSSL practice", "external_image: debian:12")
    file.write_text(external)
    await shell.done("apply", "course.yaml", "--yes")
    [course] = (await teacher.get("/api/courses"))["items"]
    assert (
        f"debian:12 (docker.io/library/debian@{digest})"
        in (await shell.done("courses", "show", course["id"])).out
    )
    exported = (await shell.done("export", course["id"])).out
    assert "external_image: debian:12" in exported
    for back_and_forth in (FILE, external, exported):
        file.write_text(back_and_forth)
        await shell.done("apply", "course.yaml", "--yes")
        assert (await shell.done("apply", "course.yaml", "--yes")).out == "Nothing to change.\n"
    file.write_text(external.replace("debian:12", "debian:13"))
    refused = await shell.mydocker("apply", "course.yaml", "--yes")
    assert (refused.code, "external_image" in refused.err) == (7, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("status: ready", "external_image: debian:12"), "course: name one of"),
        (("version: 1", "version: 2"), "version: must be 1"),
        (("  title: Databases\n", ""), "course.title: missing"),
        (("status: ready", "status: open"), "course.status"),
        (("status: ready", "colour: red"), "unknown field 'colour'"),
        (("OpenSSL practice", "Nothing"), "0 images are named 'Nothing'"),
        (("title: Week 2", "title: Week 1"), "two are named 'Week 1'"),
        (("    students: 24\n", ""), "sessions[0].students: missing"),
        (("T08:00:00+02:00", "T08:00:00"), "sessions[0].starts_at"),
        (("course:", "\tcourse:"), "no YAML"),
    ],
)
async def test_files_that_are_refused(
    campus: Campus, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    teacher = await campus.teacher()
    await campus.built_image(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    (tmp_path / "course.yaml").write_text(FILE.replace(change[0], change[1], 1))
    ended: Any = await shell.mydocker("apply", "course.yaml", "--yes")
    assert (ended.code, ended.out) == (7, "")
    assert said in ended.err
    assert (await teacher.get("/api/courses"))["total"] == 0


RIGHTS = """\
rights:
  - {email: linus@example.org, right: edit}
  - {email: Never.Came@example.org, right: view}
"""


async def rights_on(owner: Person, course: str) -> dict[str, str]:
    sharing = await owner.get(f"/api/courses/{course}/shares")
    return {row["email"]: row["right"] for row in sharing["people"] if row["email"]}


async def test_rights_are_given_changed_and_taken_away(campus: Campus, tmp_path: Path) -> None:
    teacher, linus = await campus.teacher(), await campus.teacher("linus")
    await campus.built_image(teacher)
    shell, file = await signed_in(campus, teacher, tmp_path), tmp_path / "course.yaml"
    file.write_text(FILE + RIGHTS)
    said = (await shell.done("apply", "course.yaml", "--yes")).out.splitlines()
    assert said[3:5] == [
        "+ right of linus@example.org: edit",
        "+ right of Never.Came@example.org: view",
    ]
    [course] = (await teacher.get("/api/courses"))["items"]
    given = {"linus@example.org": "edit", "never.came@example.org": "view"}
    assert await rights_on(teacher, course["id"]) == given
    assert (await shell.done("apply", "course.yaml")).out == "Nothing to change.\n"
    exported = (await shell.done("export", course["id"])).out
    assert "rights:\n- email: linus@example.org\n  right: edit\n" in exported
    (tmp_path / "copy.yaml").write_text(exported)
    assert (await shell.done("apply", "copy.yaml", "--prune")).out == "Nothing to change.\n"
    file.write_text(FILE + RIGHTS.replace("right: edit", "right: view"))
    said = (await shell.done("apply", "course.yaml", "--yes")).out.splitlines()
    assert said[:2] == ["~ right of linus@example.org", "    right: 'edit' → 'view'"]
    file.write_text(FILE)
    assert (await shell.done("apply", "course.yaml", "--prune")).out == "Nothing to change.\n"
    file.write_text(FILE + "rights:\n")
    assert (await shell.done("apply", "course.yaml")).out == "Nothing to change.\n"
    said = (await shell.done("apply", "course.yaml", "--yes", "--prune")).out.splitlines()
    assert said[0] == "- right of linus@example.org"
    assert await rights_on(teacher, course["id"]) == {}
    assert (await linus.get("/api/courses?origin=shared"))["items"] == []


async def test_only_the_owner_gives_rights(campus: Campus, tmp_path: Path) -> None:
    teacher, linus = await campus.teacher(), await campus.teacher("linus")
    await campus.built_image(teacher)
    owner, file = await signed_in(campus, teacher, tmp_path), tmp_path / "course.yaml"
    file.write_text(FILE + RIGHTS)
    await owner.done("apply", "course.yaml", "--yes")
    [course] = (await teacher.get("/api/courses"))["items"]
    editor = await signed_in(campus, linus, tmp_path)
    exported = (await editor.done("export", course["id"])).out
    assert "rights:" not in exported
    file.write_text(exported.replace("image: OpenSSL practice\n", ""))
    assert (await editor.done("apply", "course.yaml")).out == "Nothing to change.\n"
    file.write_text(file.read_text() + RIGHTS)
    ended = await editor.mydocker("apply", "course.yaml", "--yes")
    assert (ended.code, ended.out) == (4, "")
    assert "only the owner" in ended.err


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        ("rights: {person: ada}\n", "rights: must be a list"),
        ("rights:\n  - {person: ada, may: edit}\n", "unknown field 'person'"),
        ("rights:\n  - {right: edit}\n", "rights[0].email: missing"),
        ("rights:\n  - {email: a@b.org, right: own}\n", "one of test, view, edit"),
        (RIGHTS + "  - {email: LINUS@example.org, right: view}\n", "named twice"),
    ],
)
async def test_rights_that_are_refused(
    campus: Campus, tmp_path: Path, rights: str, said: str
) -> None:
    shell = await signed_in(campus, await campus.teacher(), tmp_path)
    (tmp_path / "course.yaml").write_text(FILE + rights)
    ended = await shell.mydocker("apply", "course.yaml", "--yes")
    assert (ended.code, ended.out) == (7, "")
    assert said in ended.err


def thirty(folder: Path) -> None:
    folder.mkdir()
    for number in range(30):
        title = f"title: Databases, group {number}"
        (folder / f"{number:02}.yaml").write_text(FILE.replace("title: Databases", title))


async def test_thirty_files_at_once(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    await campus.built_image(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    thirty(tmp_path / "courses")
    began = time.monotonic()
    said = (await shell.done("apply", "courses", "--yes")).out.splitlines()
    print(f"thirty files with two sessions each: {time.monotonic() - began:.1f} s")
    assert said[:3] == [
        "courses/00.yaml:",
        "  + course 'Databases, group 0'",
        "  + session 'Week 1'",
    ]
    assert said[-1] == "30 files: 30 applied, 0 unchanged, 0 failed."
    assert (await teacher.get("/api/sessions"))["total"] == 60
    assert (await shell.done("apply", "courses")).out == "Nothing to change.\n"
    changed = tmp_path / "courses/07.yaml"
    changed.write_text(changed.read_text().replace("tables", "rows"))
    assert (await shell.mydocker("apply", "courses", "--check")).code == 9
    said_last = (await shell.done("apply", "courses/06.yaml", "courses/07.yaml", "--yes")).out
    assert said_last.splitlines()[-1] == "2 files: 1 applied, 1 unchanged, 0 failed."


async def test_one_of_several_fails(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    await campus.built_image(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    folder = tmp_path / "courses"
    thirty(folder)
    wrong = folder / "03.yaml"
    right = wrong.read_text()
    wrong.write_text(right.replace("status: ready", "colour: red"))
    (folder / "29.yaml").write_text((folder / "28.yaml").read_text())
    ended = await shell.mydocker("apply", "courses", "--yes")
    assert (ended.code, ended.out) == (7, "")
    assert "courses/03.yaml: course: unknown field 'colour'" in ended.err
    assert "two files name 'Databases, group 28'" in ended.err
    assert (await teacher.get("/api/courses"))["total"] == 0, "nothing is changed"
    # Refused by the platform alone: the owner's own address.
    (folder / "29.yaml").unlink()
    wrong.write_text(right + "rights:\n  - {email: grace@example.org, right: edit}\n")
    ended = await shell.mydocker("apply", "courses", "--yes")
    assert ended.out.splitlines()[-1] == "29 files: 28 applied, 0 unchanged, 1 failed."
    assert ended.code == 6
    assert "courses/03.yaml: This person is the owner (share_with_owner)" in ended.err


async def test_a_folder_without_files(campus: Campus, tmp_path: Path) -> None:
    shell = await signed_in(campus, await campus.teacher(), tmp_path)
    (tmp_path / "empty").mkdir()
    ended = await shell.mydocker("apply", "empty")
    assert ended.code == 7
    assert "no .yaml file" in ended.err
    missing = await shell.mydocker("apply", "nowhere.yaml")
    assert missing.code == 7
    assert "nowhere.yaml: No such file" in missing.err
