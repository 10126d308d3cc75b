"""A Course leaves as a file and comes back as a draft, at the same platform and at another one."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from tests.api.campus import (
    DATABASES,
    SSH,
    Campus,
    Person,
    a_course,
    a_session,
    an_image,
    moment,
)
from tests.api.course_archives.course_files import (
    IMPORTS,
    changed,
    checked_import,
    exported,
    imported,
    members,
)
from tests.api.images.archives import a_tar, a_zip
from tests.api.images.uploading import put_archive, uploaded

from mydocker_api.models import Image
from mydocker_kit.postgres.db import transaction

HOUR = timedelta(hours=1)
FILES = {
    "requirements.txt": b"numpy\n",
    "src/app.py": b"print('hello')\n",
    "data.bin": bytes(3_000_000),
}


async def a_full_course(campus: Campus, teacher: Person) -> str:
    """A Course with an Image of three files, links, a lease and two sessions a week apart."""
    image = (await teacher.post("/api/images", an_image()))["id"]
    await put_archive(teacher, image, a_tar(FILES))
    build = (await teacher.post(f"/api/images/{image}/builds"))["id"]
    course = await campus.course(
        teacher,
        build_id=build,
        title="Cryptographie : séance n° 1",
        description="Chiffrer\net signer",
        command="--user {{USERNAME}}",
        show_password=False,
        window={"hidden_ports": [22], "links": [{"title": "Notes", "url": "https://x.org/a"}]},
        lease={"minutes": 90},
        submissions={"allowed": True, "until": "2030-01-01T00:00:00Z"},
    )
    sessions = [a_session(HOUR, 2 * HOUR), a_session(HOUR + timedelta(days=7), 2 * HOUR)]
    await teacher.post(f"/api/courses/{course}/sessions/bulk", {"items": sessions})
    return course


async def test_a_course_comes_back_as_it_was_for_another_teacher(campus: Campus) -> None:
    grace, ada = await campus.teacher("grace"), await campus.teacher("ada")
    course = await a_full_course(campus, grace)
    archive = await exported(grace, course, "Europe/Paris")
    held = members(archive)
    assert json.loads(held["course.json"])["image"]["files_left_out"] is False
    assert set(held) == {
        "course.json",
        "image/Dockerfile",
        "image/wrapper.sh",
        *(f"image/files/{name}" for name in FILES),
    }
    assert b"grace" not in held["course.json"].lower()  # nobody is named in it

    check = await checked_import(ada, archive)
    assert check["title"] == check["suggested_title"] == "Cryptographie : séance n° 1"
    assert (check["is_title_taken"], check["sessions"], check["days"]) == (False, 2, 8)
    assert (check["left_out"], check["image"]["origins"]) == ([], ["new", "none"])
    assert (check["image"]["files"], check["image"]["problems"]) == (3, [])
    assert (await ada.get("/api/courses"))["total"] == 0

    made = await imported(ada, archive, first_day="2031-03-03", zone="Europe/Paris")
    copy, original = made["course"], await grace.get(f"/api/courses/{course}")
    same = [
        "title",
        "description",
        "ports",
        "command",
        "profile",
        "resources",
        "work_folder",
        "window",
        "lease",
    ]
    assert {name: copy[name] for name in same} == {name: original[name] for name in same}
    assert (copy["status"], copy["owner_name"], copy["image"]) == ("draft", "Ada", None)
    assert (copy["show_password"], copy["submissions"]["until"]) == (False, None)

    planned = (await ada.get(f"/api/courses/{copy['id']}/sessions?sort=starts_at"))["items"]
    paris = ZoneInfo("Europe/Paris")
    begin = [moment(session["starts_at"]).astimezone(paris) for session in planned]
    source = (await grace.get(f"/api/courses/{course}/sessions?sort=starts_at"))["items"]
    expected = moment(source[0]["starts_at"]).astimezone(paris)
    assert [start.date().isoformat() for start in begin] == ["2031-03-03", "2031-03-10"]
    assert {start.time() for start in begin} == {expected.time().replace(second=0, microsecond=0)}
    assert made["sessions"] == 2

    context = await ada.get(f"/api/images/{made['image']['id']}/context")
    assert {entry["path"] for entry in context["entries"] if entry["kind"] == "file"} == set(FILES)
    build = await ada.post(f"/api/images/{made['image']['id']}/builds")
    assert build["phase"] == "succeeded"
    assert build["context_digest"] == context["digest"]


async def test_the_importer_has_it_already(campus: Campus) -> None:
    grace = await campus.teacher("grace")
    archive = await exported(grace, await a_full_course(campus, grace))
    check = await checked_import(grace, archive)
    assert check["is_title_taken"]
    assert check["suggested_title"] == "Cryptographie : séance n° 1 (2)"
    assert check["image"]["is_title_taken"]
    assert check["image"]["origins"] == ["existing", "new", "none"]
    made = await imported(grace, archive, title=check["suggested_title"])
    assert made["image"] is None
    assert made["course"]["image"]["image_id"] == check["image"]["existing_id"]
    assert (made["course"]["sessions"]["total"], made["sessions"]) == (0, 0)
    without = await imported(grace, archive, image="none")
    assert without["course"]["image"] is None


async def test_an_image_of_the_catalogue_is_that_of_this_platform(campus: Campus) -> None:
    grace, ada = await campus.teacher("grace"), await campus.teacher("ada", builds=False)
    image, build = await campus.built_image(grace)
    async with transaction(campus.app.state.sessions) as db:
        entry = {"catalogue_entry": "jupyterlab", "ready_build_id": build}
        await db.execute(update(Image).where(Image.id == image).values(**entry))
    archive = await exported(grace, await campus.course(grace, build_id=build))
    check = await checked_import(ada, archive)
    assert check["image"]["origins"] == ["catalogue", "new", "none"]
    made = await imported(ada, archive)
    assert made["course"]["image"]["build_id"] == build
    assert made["image"] is None
    body = {"upload_id": await uploaded(ada, archive), "image": "existing"}
    assert await ada.refused("POST", IMPORTS, body) == (409, "image_origin_unusable")


async def test_what_this_platform_does_not_give_is_named(campus: Campus) -> None:
    teacher = await campus.teacher()
    archive = await exported(teacher, await campus.course(teacher))

    def ask_for_more(manifest: Any) -> None:
        manifest["course"]["resources"] = {
            "pool": "gpu-farm",
            "cpu": 63.5,
            "memory_mib": 4096,
            "gpu": 9,
        }
        manifest["course"]["lease"] = {"minutes": 90, "hard_limit_minutes": 60}

    asking = changed(archive, ask_for_more)
    files = members(asking)
    files["image/Dockerfile"] = b"FROM quay.io/other/base:1\nCOPY absent.txt /\n"
    made_elsewhere = a_zip(files)
    check = await checked_import(teacher, made_elsewhere)
    assert ("resources.pool", "pool_unknown", "gpu-farm") in {
        (flaw["field"], flaw["code"], flaw["value"]) for flaw in check["left_out"]
    }
    assert {flaw["field"] for flaw in check["left_out"]} >= {
        "resources.pool",
        "lease.hard_limit_minutes",
    }
    assert [problem["kind"] for problem in check["image"]["problems"]] == ["source_missing"]
    made = await imported(teacher, made_elsewhere)
    assert made["course"]["resources"]["pool"] is None
    assert made["course"]["lease"]["hard_limit_minutes"] is None
    assert made["left_out"] == check["left_out"]


async def test_who_may_export_and_import(campus: Campus) -> None:
    grace = await campus.teacher("grace")
    course = await campus.course(grace)
    elsewhere = DATABASES.model_copy(update={"context_id": "8"})
    stranger = await campus.teacher("ada", context=elsewhere)
    student = await campus.student(course, "alan")
    for person in (stranger, student):
        assert await person.refused("GET", f"/api/courses/{course}/export") == (404, "not_found")
    upload = await uploaded(grace, await exported(grace, course))
    body = {"upload_id": upload}
    assert await stranger.refused("POST", f"{IMPORTS}/check", body) == (404, "not_found")
    assert await student.refused("POST", IMPORTS, body) == (403, "forbidden")
    await grace.post(f"/api/courses/{course}/shares", {"email": "ada@example.org", "right": "view"})
    # She may read the Course, not the Image: the file has no recipe.
    held = members(await exported(stranger, course))
    assert set(held) == {"course.json"}
    assert json.loads(held["course.json"])["image"] is None


async def test_an_upload_is_used_once_and_a_failed_import_makes_nothing(campus: Campus) -> None:
    teacher = await campus.teacher()
    archive = await exported(teacher, await campus.course(teacher))
    order = {"upload_id": await uploaded(teacher, archive), "image": "new"}
    campus.builder.away = True
    made = await teacher.post(IMPORTS, order)
    assert made["image"]["title"] == "OpenSSL practice"
    campus.builder.away = False
    assert await teacher.refused("POST", IMPORTS, order) == (404, "not_found")

    wrong = changed(archive, lambda manifest: manifest["course"].update(ports=[SSH, SSH]))
    images = (await teacher.get("/api/images"))["total"]
    body = {"upload_id": await uploaded(teacher, wrong), "image": "new"}
    assert await teacher.refused("POST", IMPORTS, body) == (422, "fields_invalid")
    assert (await teacher.get("/api/images"))["total"] == images


async def test_a_course_without_image(campus: Campus) -> None:
    teacher = await campus.teacher()
    draft = await teacher.post("/api/courses", a_course(status="draft"))
    archive = await exported(teacher, draft["id"])
    check = await checked_import(teacher, archive)
    assert (check["image"], check["sessions"], check["days"]) == (None, 0, 0)
    made = await imported(teacher, archive, title="Again", first_day="2031-01-01")
    assert (made["course"]["title"], made["sessions"]) == ("Again", 0)


async def test_an_image_of_another_registry(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.builder.published = {"docker.io/library/debian:12": "sha256:" + "01" * 32}
    course = await campus.course(teacher, build_id=None, external_image="debian:12")
    archive = await exported(teacher, course)
    check = await checked_import(teacher, archive)
    assert (check["image"], check["external_image"]) == (None, "debian:12")
    made = await imported(teacher, archive, title="Again")
    assert made["course"]["external_image"] == "debian:12"

    elsewhere = changed(
        archive, lambda manifest: manifest["course"].update(external_image="quay.io/other/x:1")
    )
    check = await checked_import(teacher, elsewhere)
    assert check["external_image"] is None
    assert [(flaw["field"], flaw["code"]) for flaw in check["left_out"]] == [
        ("external_image", "registry_not_allowed")
    ]
