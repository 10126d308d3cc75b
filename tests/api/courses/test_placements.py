"""Which Course an activity opens: only our deep link and a binding decide, on their platform."""

import re
from itertools import product
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from tests.api.campus import DATABASES, REGISTRATION, Campus, Person
from tests.api.operating.fake_platforms import FakePlatforms
from tests.api.operating.test_platforms import DRAFT

from mydocker_api.domain.courses.placements import PlacementOrigin, created_by
from mydocker_api.models import ResourceLink
from mydocker_kit.contracts.gateway.launches import ContextRole, LandingKind, LaunchContext
from mydocker_kit.postgres.db import transaction

OTHER_ISSUER = "https://other-school.example"
ELSEWHERE = LaunchContext(
    registration_id=UUID("22222222-2222-4222-8222-222222222222"),
    deployment_id="1",
    context_id="7",
    title="Databases elsewhere",
)
COPY = LaunchContext(
    registration_id=UUID("11111111-1111-4111-8111-111111111111"),
    deployment_id="1",
    context_id="8",
    title="Databases, next year",
)


@pytest.mark.parametrize(
    ("signed", "placed", "legacy", "origin"),
    [
        (True, False, False, PlacementOrigin.DEEP_LINK),
        (True, True, False, PlacementOrigin.DEEP_LINK),
        (False, False, True, PlacementOrigin.LEGACY),
        (False, True, True, None),
        (False, False, False, None),
        (False, True, False, None),
    ],
)
def test_what_creates_a_placement(
    signed: bool, placed: bool, legacy: bool, origin: PlacementOrigin | None
) -> None:
    creator = created_by(signed=signed, is_placed=placed, has_legacy_placement=legacy)
    assert creator is origin


async def legacy_placement(campus: Campus, course: str) -> None:
    """The Course was placed before deep links were signed."""
    await campus.launch("ada", course=course)
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(
            update(ResourceLink)
            .where(ResourceLink.course_id == UUID(course))
            .values(placement_origin=PlacementOrigin.LEGACY)
        )


@pytest.mark.parametrize(("role", "named"), list(product(ContextRole, ("unsigned", "by url"))))
async def test_nobody_of_another_issuer_gets_anything_of_a_course_that_is_ours(
    campus: Campus, role: ContextRole, named: str
) -> None:
    owner = await campus.teacher()
    course = await campus.course(owner, command="serve --licence-key s3cret")
    await legacy_placement(campus, course)
    stranger = await campus.launch(
        "mallory",
        role,
        issuer=OTHER_ISSUER,
        context=ELSEWHERE,
        course=course if named == "unsigned" else None,
        signed=False,
    )
    landing = stranger.arrival.landing
    teaches = role is ContextRole.TEACHER
    assert landing.kind is (LandingKind.BIND if teaches else LandingKind.NOTHING_YET)
    assert landing.course_id is None
    await sees_nothing_of(stranger, course)
    if teaches:
        path = f"/api/resource-links/{landing.resource_link_id}/binding"
        assert await stranger.refused("POST", path, {"course_id": course}) == (404, "not_found")
        await sees_nothing_of(stranger, course)
    assert (await owner.get(f"/api/courses/{course}"))["placed_links"] == 1


def routes_of_a_course(campus: Campus) -> list[tuple[str, str]]:
    """Every route of the api below a Course."""
    return [
        (method.upper(), path)
        for path, methods in campus.app.openapi()["paths"].items()
        if "{course_id}" in path
        for method in methods
    ]


@pytest.mark.parametrize("role", ContextRole)
async def test_no_route_of_a_course_answers_a_role_of_another_issuer(
    campus: Campus, role: ContextRole
) -> None:
    owner = await campus.teacher()
    course = await campus.course(owner, command="serve --licence-key s3cret")
    await legacy_placement(campus, course)
    stranger = await campus.launch(
        "mallory", role, issuer=OTHER_ISSUER, context=ELSEWHERE, course=course, signed=False
    )
    routes = routes_of_a_course(campus)
    assert len(routes) >= 15
    known = {"course_id": str(course), "number": "8888", "port": "8888"}
    for method, path in routes:
        address = re.sub(r"{(\w+)}", lambda name: known.get(name[1], str(uuid4())), path)
        any_version = {"If-Match": "*"}
        answer = await stranger.http.request(method, address, json={}, headers=any_version)
        # A body is looked at before rights are, where it is wrong.
        assert answer.status_code in (403, 404, 422), (method, path, answer.text)
        assert "s3cret" not in answer.text
    assert (await stranger.get("/api/courses"))["items"] == []


async def sees_nothing_of(person: Person, course: str) -> None:
    for method, path in (("GET", "/window"), ("POST", "/environment/start"), ("GET", "")):
        status, _ = await person.refused(method, f"/api/courses/{course}{path}")
        assert status == 404, path


@pytest.mark.parametrize("role", [ContextRole.STUDENT, ContextRole.TEACHER])
async def test_an_unsigned_id_places_nothing_on_the_same_platform_either(
    campus: Campus, role: ContextRole
) -> None:
    course = await campus.course(await campus.teacher())
    mallory = await campus.launch("mallory", role, course=course, signed=False)
    assert mallory.arrival.landing.course_id is None
    await sees_nothing_of(mallory, course)


async def test_a_signed_copy_of_an_activity_is_a_placement_of_its_own(campus: Campus) -> None:
    owner = await campus.teacher()
    course = await campus.course(owner)
    for context, link in ((COPY, "99"), (COPY, "100")):
        ada = await campus.launch("ada", course=course, context=context, link=link)
        assert ada.arrival.landing.kind is LandingKind.WINDOW
    assert (await owner.get(f"/api/courses/{course}"))["placed_links"] == 2


async def test_an_activity_that_was_given_another_course_opens_that_one(campus: Campus) -> None:
    owner = await campus.teacher()
    first, second = await campus.course(owner), await campus.course(owner)
    for course in (first, second):
        ada = await campus.launch("ada", course=course)
        assert str(ada.arrival.landing.course_id) == course
    # Words without a signature change nothing of a placement.
    ada = await campus.launch("ada", course=first, signed=False)
    assert str(ada.arrival.landing.course_id) == second


async def test_links_from_before_signatures_and_their_copies_go_on_working(
    campus: Campus,
) -> None:
    course = await campus.course(await campus.teacher())
    await legacy_placement(campus, course)
    for context, link in ((DATABASES, "activity-1"), (COPY, "99")):
        bob = await campus.launch("bob", course=course, signed=False, link=link, context=context)
        assert str(bob.arrival.landing.course_id) == course
    # On another platform, or in another deployment, they are somebody's words.
    elsewhere = COPY.model_copy(update={"deployment_id": "2"})
    for context in (ELSEWHERE, elsewhere):
        eve = await campus.launch("eve", course=course, signed=False, link="5", context=context)
        assert eve.arrival.landing.kind is LandingKind.NOTHING_YET


async def test_links_from_before_follow_a_platform_that_moved(campus: Campus) -> None:
    course = await campus.course(await campus.teacher())
    await legacy_placement(campus, course)
    former = [COPY.registration_id]
    ada = await campus.launch(
        "ada", course=course, signed=False, link="5", context=ELSEWHERE, former=former
    )
    assert str(ada.arrival.landing.course_id) == course


async def test_without_a_course_space_the_signature_alone_decides(campus: Campus) -> None:
    course = await campus.course(await campus.teacher())
    ada = await campus.launch("ada", course=course, context=None)
    assert ada.arrival.landing.kind is LandingKind.WINDOW
    eve = await campus.launch("eve", course=course, context=None, signed=False)
    assert eve.arrival.landing.kind is LandingKind.NOTHING_YET


async def test_a_teacher_binds_what_another_platform_copied(campus: Campus) -> None:
    owner = await campus.teacher()
    course = await campus.course(owner)
    there = await campus.launch(
        "grace", ContextRole.TEACHER, course=course, signed=False, context=ELSEWHERE
    )
    assert there.arrival.landing.kind is LandingKind.BIND
    path = f"/api/resource-links/{there.arrival.landing.resource_link_id}/binding"
    assert (await there.post(path, {"course_id": course}))["kind"] == "window"
    student = await campus.launch("mia", context=ELSEWHERE, issuer=OTHER_ISSUER)
    assert str(student.arrival.landing.course_id) == course


async def test_a_signed_course_that_is_gone_is_unknown(campus: Campus) -> None:
    ada = await campus.launch("ada", course=str(uuid4()))
    assert ada.arrival.landing.kind is LandingKind.UNKNOWN_COURSE


async def test_another_platform_under_a_known_registration_inherits_no_placement(
    campus: Campus, operator: Person, platforms: FakePlatforms
) -> None:
    course = await campus.course(await campus.teacher())
    await campus.student(course)
    path = f"/api/platforms/{REGISTRATION}"
    added = await operator.post("/api/platforms", DRAFT)
    platforms.rows[REGISTRATION] = platforms.rows[UUID(added["id"])]
    moved = {**DRAFT, "issuer": OTHER_ISSUER}
    answer = await operator.http.put(
        path, params={"people": "others"}, json=moved, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200
    # The same numbers mean other activities there.
    eve = await campus.launch("eve", issuer=OTHER_ISSUER)
    assert eve.arrival.landing.kind is LandingKind.NOTHING_YET
    await sees_nothing_of(eve, course)


async def test_a_change_that_the_gateway_refuses_undoes_no_placement(
    campus: Campus, operator: Person, platforms: FakePlatforms
) -> None:
    course = await campus.course(await campus.teacher())
    await campus.student(course)
    added = await operator.post("/api/platforms", DRAFT)
    platforms.rows[REGISTRATION] = platforms.rows[UUID(added["id"])]
    wrong = {**DRAFT, "issuer": OTHER_ISSUER, "token_url": "http://other-school.example/token"}
    path = f"/api/platforms/{REGISTRATION}"
    answer = await operator.http.put(
        path, params={"people": "others"}, json=wrong, headers={"If-Match": "*"}
    )
    assert answer.status_code == 422
    assert (await campus.launch("bob")).arrival.landing.kind is LandingKind.WINDOW
