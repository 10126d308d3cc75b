"""Image projects, builds, and the catalogue."""

from uuid import UUID

from tests.api.campus import WEB, Campus, a_course, an_image

from mydocker_kit.contracts.builder.builds import BuildPhase


async def test_an_image_is_stored_with_unix_newlines(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await teacher.post("/api/images", an_image())
    assert "\r" not in image["dockerfile"] + image["wrapper"]
    assert (image["last_build"], image["used_by"]) == (None, 0)
    assert image["can"] == ["edit", "build", "delete", "share"]
    changed = await teacher.put(f"/api/images/{image['id']}", an_image(title="New title"))
    assert changed["title"] == "New title"
    refused = await teacher.refused("POST", "/api/images", an_image(ports=[WEB, WEB]))
    assert refused == (422, "fields_invalid")


async def test_builds_are_numbered_and_say_what_they_build(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, first = await campus.built_image(teacher, title="Clés & certificats")
    campus.builder.outcome = BuildPhase.FAILED
    second = await teacher.post(f"/api/images/{image}/builds")
    assert second["number"] == 2
    request = campus.builder.requests[UUID(first)]
    assert request.repository == f"cles-certificats-{image[:8]}"
    assert "\r" not in request.dockerfile
    listed = await teacher.get("/api/images")
    assert listed["items"][0]["last_build"]["id"] == second["id"]
    builds = await teacher.get(f"/api/images/{image}/builds")
    assert [build["number"] for build in builds["items"]] == [2, 1]
    cancelled = await teacher.post(f"/api/builds/{second['id']}/cancel")
    assert cancelled["phase"] == "cancelled"


async def test_a_build_uses_the_cache_unless_it_is_asked_not_to(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, first = await campus.built_image(teacher)
    anew = await teacher.post(f"/api/images/{image}/builds?use_cache=false")
    requests = campus.builder.requests
    assert [requests[UUID(id)].use_cache for id in (first, anew["id"])] == [True, False]
    refused = await teacher.refused("POST", f"/api/images/{image}/builds?use_cache=perhaps")
    assert refused == (422, "invalid_request")


async def test_a_build_number_is_never_used_twice(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = (await teacher.post("/api/images", an_image()))["id"]
    campus.builder.away = True
    assert (await teacher.refused("POST", f"/api/images/{image}/builds"))[0] == 503
    campus.builder.away = False
    assert (await teacher.post(f"/api/images/{image}/builds"))["number"] == 2


async def test_a_log_is_read_and_followed_to_its_end(campus: Campus) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    page = await teacher.get(f"/api/builds/{build}/log?after=1")
    assert [line["text"] for line in page["lines"]] == ["done"]
    stream = await teacher.http.get(f"/api/builds/{build}/log/stream")
    events = [line for line in stream.text.splitlines() if line.startswith("event:")]
    assert events == ["event: line", "event: line", "event: end"]
    assert "FROM debian:12" in stream.text
    resumed = await teacher.http.get(f"/api/builds/{build}/log/stream?after=1")
    assert "FROM debian:12" not in resumed.text


async def test_an_image_is_its_owners(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher)
    other = await campus.teacher("linus")
    for method, path, body in (
        ("GET", f"/api/images/{image}", None),
        ("PUT", f"/api/images/{image}", an_image()),
        ("DELETE", f"/api/images/{image}", None),
        ("POST", f"/api/images/{image}/builds", None),
        ("GET", f"/api/images/{image}/builds", None),
        ("GET", f"/api/builds/{build}", None),
        ("POST", f"/api/builds/{build}/cancel", None),
        ("GET", f"/api/builds/{build}/log", None),
        ("GET", f"/api/builds/{build}/log/stream", None),
    ):
        assert (await other.refused(method, path, body))[0] == 404, path
    assert (await other.get("/api/images"))["total"] == 0
    student = await campus.launch("ada")
    assert (await student.refused("POST", "/api/images", an_image()))[0] == 403


async def test_an_image_in_use_stays(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher)
    course = await campus.course(teacher, build_id=build)
    assert (await teacher.get(f"/api/images/{image}"))["used_by"] == 1
    assert await teacher.refused("DELETE", f"/api/images/{image}") == (409, "image_in_use")
    await teacher.put(f"/api/courses/{course}", a_course(status="draft"))
    await teacher.delete(f"/api/images/{image}")


async def test_the_catalogue_is_copied_in_ones_own_language(campus: Campus) -> None:
    teacher = await campus.teacher()
    entries = await teacher.get("/api/catalogue")
    assert [entry["name"] for entry in entries] == ["openssl"]  # the broken one is left out
    image = await teacher.post("/api/catalogue/openssl/copy")
    assert (image["title"], image["profile"]) == ("OpenSSL (fr)", "compat")
    assert image["dockerfile"] == "FROM debian:12\n"
    assert (await teacher.refused("POST", "/api/catalogue/none/copy"))[0] == 404
