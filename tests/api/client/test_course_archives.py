"""`mydocker courses save` and `import`."""

from pathlib import Path

from tests.api.campus import Campus
from tests.api.client.test_commands import signed_in


async def test_a_saved_course_is_imported_as_a_draft(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    file = str(tmp_path / "crypto.zip")
    assert "crypto.zip" in (await shell.done("courses", "save", course, file)).err
    checked = await shell.done("courses", "import", file, "--check")
    assert "OpenSSL practice (existing)" in checked.out
    assert (await teacher.get("/api/courses"))["total"] == 1
    made = (await shell.done("-o", "json", "courses", "import", file)).json
    assert (made["title"], made["status"]) == ("Cryptography (2)", "draft")
    assert made["image"]["image_title"] == "OpenSSL practice"


async def test_a_token_needs_the_scope_of_images_too(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    shell = await signed_in(campus, teacher, tmp_path, "courses:write")
    ended = await shell.mydocker("courses", "save", course, str(tmp_path / "x.zip"))
    assert ended.code == 4
    assert "scope_missing" in ended.err


async def test_a_file_that_is_no_course(campus: Campus, tmp_path: Path) -> None:
    shell = await signed_in(campus, await campus.teacher(), tmp_path)
    (tmp_path / "x.zip").write_bytes(b"%PDF-1.7")
    ended = await shell.mydocker("courses", "import", str(tmp_path / "x.zip"))
    assert ended.code == 7
    assert "archive_unsupported" in ended.err
    assert (await shell.mydocker("courses", "import", str(tmp_path / "absent.zip"))).code == 7
