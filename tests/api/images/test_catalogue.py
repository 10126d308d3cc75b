"""The catalogue: built ahead by the platform, used by every teacher without an approval."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.api.campus import Campus, Person, a_course

from mydocker_api.catalogue_images.prebuilding import RETRY_AFTER, CatalogueBuilds
from mydocker_api.models import CATALOGUE_ISSUER
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.builder.builds import BuildPhase


class Platform:
    """The loop that builds the catalogue, at a time of the test's choice."""

    def __init__(self, campus: Campus, **settings: object) -> None:
        self.campus, self.now = campus, utc_now()
        services = campus.services
        self._builds = CatalogueBuilds(
            services.sessions,
            services.clients.builder,
            services.catalogue,
            services.settings.model_copy(update={"catalogue_builds": "*", **settings}),
            lambda: self.now,
        )

    async def step(self, later: timedelta = timedelta()) -> None:
        self.now += later
        await self._builds.step()

    async def prepare(self) -> None:
        """Ask for the build, then take over its result."""
        await self.step()
        await self.step()


@pytest.fixture
def platform(campus: Campus) -> Platform:
    return Platform(campus)


async def _entry(person: Person) -> dict[str, object]:
    (entry,) = await person.get("/api/catalogue")
    return dict(entry)


async def test_a_teacher_without_approval_runs_a_course_on_a_catalogue_image(
    campus: Campus, platform: Platform
) -> None:
    teacher = await campus.teacher(builds=False)
    await platform.prepare()
    entry = await _entry(teacher)
    assert (entry["state"], entry["resources"]) == ("ready", {"cpu": 0.5, "memory_mib": 512})
    course = await teacher.post(
        "/api/courses", a_course(build_id=entry["build_id"], ports=entry["ports"])
    )
    assert course["status"] == "ready"
    assert course["image"]["image_title"] == "OpenSSL"
    assert (await _entry(teacher))["used_by"] == 1
    student = await campus.student(course["id"])
    window = await student.post(f"/api/courses/{course['id']}/environment/start")
    assert window["state"] in ("queued", "starting")


async def test_a_catalogue_image_is_the_platforms_to_change_and_build(
    campus: Campus, platform: Platform
) -> None:
    teacher = await campus.teacher()
    await platform.prepare()
    entry = await _entry(teacher)
    image = await teacher.get(f"/api/images/{entry['image_id']}")
    assert (image["can"], image["relation"], image["owner_name"]) == ([], "viewer", "MyDocker")
    assert (await teacher.get(f"/api/builds/{entry['build_id']}/log"))["lines"]
    for method, path in (
        ("POST", f"/api/images/{entry['image_id']}/builds"),
        ("DELETE", f"/api/images/{entry['image_id']}"),
        ("POST", f"/api/builds/{entry['build_id']}/cancel"),
        ("POST", "/api/catalogue/openssl/builds"),
    ):
        assert (await teacher.refused(method, path))[0] == 403, path
    student = await campus.launch("ada")
    assert (await student.refused("GET", f"/api/images/{entry['image_id']}"))[0] == 404


async def test_the_catalogue_has_a_list_of_its_own(campus: Campus, platform: Platform) -> None:
    teacher = await campus.teacher()
    assert (await teacher.get("/api/images?origin=catalogue"))["total"] == 0
    await platform.prepare()
    assert (await teacher.get("/api/images?origin=catalogue"))["total"] == 1
    assert (await teacher.get("/api/images"))["total"] == 0


async def test_the_account_of_the_catalogue_is_no_person(
    campus: Campus, platform: Platform, operator: Person
) -> None:
    await platform.prepare()
    people = await operator.get("/api/people")
    assert CATALOGUE_ISSUER not in str(people)
    assert "MyDocker" not in [person["name"] for person in people["items"]]


async def test_one_build_is_asked_for_and_no_second_while_it_runs(
    campus: Campus, platform: Platform
) -> None:
    teacher = await campus.teacher(builds=False)
    assert (await _entry(teacher))["state"] == "copy_only"
    campus.builder.outcome = BuildPhase.BUILDING
    await platform.step()
    await platform.step(timedelta(days=400))
    assert len(campus.builder.requests) == 1
    assert (await _entry(teacher))["last_build"]["phase"] == "building"  # type: ignore[index]


async def test_a_failed_build_is_tried_again_after_a_while(
    campus: Campus, platform: Platform
) -> None:
    teacher = await campus.teacher(builds=False)
    campus.builder.outcome = BuildPhase.FAILED
    await platform.prepare()
    await platform.step()
    assert len(campus.builder.requests) == 1
    assert (await _entry(teacher))["build_id"] is None
    campus.builder.outcome = BuildPhase.SUCCEEDED
    await platform.step(RETRY_AFTER * 1.1)
    await platform.step()
    assert (await _entry(teacher))["state"] == "ready"


async def test_a_build_that_the_builder_never_learned_of_is_asked_for_again(
    campus: Campus, platform: Platform
) -> None:
    campus.builder.away = True
    with pytest.raises(Exception, match="builder"):
        await platform.step()
    campus.builder.away = False
    await platform.step(timedelta(minutes=2))
    assert [request.number for request in campus.builder.requests.values()] == [2]


async def test_an_old_image_is_built_again_without_the_cache(
    campus: Campus, platform: Platform
) -> None:
    teacher = await campus.teacher(builds=False)
    await platform.prepare()
    before = await _entry(teacher)
    await platform.step(timedelta(days=29))
    assert len(campus.builder.requests) == 1
    await platform.step(timedelta(days=2))
    assert [request.use_cache for request in campus.builder.requests.values()] == [True, False]
    assert (await _entry(teacher))["build_id"] == before["build_id"]
    await platform.step()
    assert (await _entry(teacher))["build_id"] != before["build_id"]


async def test_a_failed_update_leaves_the_image_that_works(
    campus: Campus, platform: Platform
) -> None:
    teacher = await campus.teacher(builds=False)
    await platform.prepare()
    campus.builder.outcome = BuildPhase.FAILED
    await platform.step(timedelta(days=31))
    await platform.step()
    assert (await _entry(teacher))["state"] == "ready"


async def test_an_upgrade_that_changes_a_recipe_builds_it_again(
    campus: Campus, platform: Platform
) -> None:
    await platform.prepare()
    recipes = campus.services.catalogue.recipes
    changed = type(recipes["openssl"])(recipes["openssl"].info, "FROM debian:12\nRUN true\n", "")
    newer = Platform(campus)
    newer._builds._recipes = {"openssl": changed}
    await newer.step()
    newest = list(campus.builder.requests.values())[-1]
    assert (newest.number, newest.dockerfile) == (2, changed.dockerfile)
    await newer.step()
    await newer.step()
    assert len(campus.builder.requests) == 2


async def test_the_platform_approves_what_its_own_recipe_runs_as_root(
    campus: Campus, platform: Platform, operator: Person
) -> None:
    await platform.prepare()
    approvals = (await operator.get("/api/root-approvals"))["items"]
    assert [(row["state"], row["asked_by"]) for row in approvals] == [("approved", "MyDocker")]
    build = UUID(approvals[0]["build_id"])
    answer = {"decision": "revoke", "reason": "not here"}
    revoked = await operator.http.put(f"/api/root-approvals/{build}", json=answer)
    assert revoked.json()["state"] == "revoked"
    await platform.step()
    assert (await operator.get("/api/root-approvals"))["items"][0]["state"] == "revoked"


async def test_an_operator_has_an_entry_built_again(
    campus: Campus, platform: Platform, operator: Person
) -> None:
    missing = await operator.refused("POST", "/api/catalogue/openssl/builds")
    assert missing == (404, "not_found")
    await platform.prepare()
    again = await operator.post("/api/catalogue/openssl/builds")
    assert (again["number"], campus.builder.requests[UUID(again["id"])].use_cache) == (2, False)


async def test_entries_that_the_operator_leaves_out_are_not_built(campus: Campus) -> None:
    await Platform(campus, catalogue_builds="jupyterlab, desktop").prepare()
    assert campus.builder.requests == {}
