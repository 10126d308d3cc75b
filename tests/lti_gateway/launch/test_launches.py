"""Valid launches (VL rows of docs/lti/conformance.md), and refusals after a valid token."""

from dataclasses import replace
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest

from mydocker_kit.contracts.gateway.launches import ContextRole, Landing, LandingKind

from ..conftest import Visit
from ..fake_platform import INSTRUCTOR, LEARNER, LTI, MEMBERSHIP, FakePlatform

TEACHER, ASSISTANT = ContextRole.TEACHER, ContextRole.ASSISTANT
STUDENT, OBSERVER, NONE = ContextRole.STUDENT, ContextRole.OBSERVER, ContextRole.NONE
SYSTEM_ADMIN = "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"
PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
TA = f"{MEMBERSHIP}/Instructor#TeachingAssistant"


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        pytest.param([LEARNER], STUDENT, id="vl_01_learner"),
        pytest.param([INSTRUCTOR], TEACHER, id="vl_01_instructor"),
        pytest.param(
            [LEARNER, f"{PERSON}#Student", f"{MEMBERSHIP}#Mentor"], STUDENT, id="vl_02_student"
        ),
        pytest.param(
            [f"{PERSON}#Staff", f"{PERSON}#Other", INSTRUCTOR], TEACHER, id="vl_02_teacher"
        ),
        pytest.param([LEARNER, INSTRUCTOR], TEACHER, id="vl_02_highest"),
        pytest.param(["Learner"], STUDENT, id="vl_03_short_learner"),
        pytest.param(["Instructor"], TEACHER, id="vl_03_short_instructor"),
        pytest.param(["urn:unknown"], NONE, id="vl_04_unknown"),
        pytest.param(["urn:unknown", LEARNER], STUDENT, id="vl_04_unknown_and_learner"),
        pytest.param([TA], ASSISTANT, id="vl_08_assistant"),
        pytest.param([INSTRUCTOR, TA], ASSISTANT, id="vl_08_assistant_with_plain_role"),
        pytest.param(
            [INSTRUCTOR, TA, f"{MEMBERSHIP}/Instructor#Lecturer"], TEACHER, id="vl_08_lecturer"
        ),
        pytest.param([SYSTEM_ADMIN], NONE, id="vl_09_system_administrator"),
        pytest.param([f"{PERSON}#Administrator"], NONE, id="vl_09_institution_administrator"),
        pytest.param(
            [INSTRUCTOR, SYSTEM_ADMIN, f"{PERSON}#Administrator"], TEACHER, id="vl_09_moodle_admin"
        ),
        pytest.param([f"{MEMBERSHIP}#ContentDeveloper"], TEACHER, id="vl_15_developer"),
        pytest.param([f"{MEMBERSHIP}#Administrator"], TEACHER, id="vl_15_context_admin"),
        pytest.param([f"{MEMBERSHIP}#Manager"], OBSERVER, id="vl_15_manager"),
        pytest.param([f"{MEMBERSHIP}#Mentor"], NONE, id="vl_15_mentor"),
        pytest.param([f"{PERSON}#Observer", f"{PERSON}#Guest"], NONE, id="vl_15_guest"),
        pytest.param([f"{MEMBERSHIP}/Learner#GuestLearner"], STUDENT, id="sub_role_of_learner"),
    ],
)
async def test_the_highest_context_role_decides(
    visit: Visit, roles: list[str], role: ContextRole
) -> None:
    assert (await visit.launch(roles=roles)).status_code == 303
    assert visit.last_launch().role is role


@pytest.mark.parametrize("roles", [[], [""]])
async def test_vl_05_without_a_role_a_page_explains(visit: Visit, roles: list[str]) -> None:
    answer = await visit.launch(roles=roles)
    assert answer.status_code == 403
    assert (await visit.tool.refusal(answer)).reason == "roles_empty"
    assert "enrol" in answer.text


@pytest.mark.parametrize(
    ("given", "name", "email"),
    [
        ({"name": None}, None, "ana@example.invalid"),
        ({"email": None}, "Ana Alvarez", None),
        ({"name": None, "email": None}, None, None),
        ({"name": None, "given_name": "Ana", "family_name": "B"}, "Ana B", "ana@example.invalid"),
        ({"name": 7, "email": ["x"]}, None, None),
    ],
)
async def test_vl_06_names_and_mail_are_optional(
    visit: Visit, given: dict[str, Any], name: str | None, email: str | None
) -> None:
    assert (await visit.launch(**given)).status_code == 303
    person = visit.last_launch().person
    assert (person.issuer, person.subject) == (visit.platform.issuer, "5")
    assert (person.name, person.email) == (name, email)


async def test_vl_07_a_launch_without_context(visit: Visit) -> None:
    assert (await visit.launch(context=None)).status_code == 303
    launch = visit.last_launch()
    assert launch.context is None
    assert launch.resource_link_id == "1"


async def test_vl_10_the_role_is_that_of_the_launch(visit: Visit) -> None:
    await visit.launch(roles=[INSTRUCTOR], context={"id": "A"})
    assert visit.last_launch().role is TEACHER
    await visit.launch(roles=[LEARNER], context={"id": "A"})
    assert visit.last_launch().role is STUDENT


@pytest.mark.parametrize(
    ("locale", "stored"), [("fr", "fr"), ("en-GB", "en-GB"), ("xx", "xx"), (None, None)]
)
async def test_vl_12_the_language_goes_with_the_person(
    visit: Visit, locale: str | None, stored: str | None
) -> None:
    presentation = {"locale": locale, "document_target": "iframe"}
    entered = await visit.enter(await visit.launch(launch_presentation=presentation))
    assert entered.json()["locale"] == stored
    assert visit.last_launch().person.locale == stored


async def test_vl_12_custom_chooses_content_and_never_gives_rights(visit: Visit) -> None:
    course = uuid4()
    custom = {
        "course_id": str(course),
        "role": "teacher",
        "num": 7,
        "none": None,
        "deep": {"a": 1},
        "landing": "dashboard",
    }
    answer = await visit.launch(
        **{f"{LTI}custom": custom, f"{LTI}ext": {"x": 1}, "https://unknown.example": [1]}
    )
    assert answer.status_code == 303
    launch = visit.last_launch()
    assert (launch.course_id, launch.role) == (course, STUDENT)
    assert launch.custom == {
        "course_id": str(course), "role": "teacher", "num": "7", "landing": "dashboard",
    }  # fmt: skip


async def test_an_unknown_course_goes_to_api_as_it_is(visit: Visit) -> None:
    visit.tool.api.landing = Landing(kind=LandingKind.UNKNOWN_COURSE)
    answer = await visit.launch(**{f"{LTI}custom": {"course_id": "no uuid"}})
    assert visit.last_launch().course_id is None
    assert (await visit.enter(answer)).json()["landing"]["kind"] == "unknown_course"


async def test_vl_13_two_launches_in_two_tabs(visit: Visit) -> None:
    first, second = await visit.begin(), await visit.begin()
    for begun in (second, first):
        claims = visit.platform.claims(begun.nonce, visit.tool.now)
        answer = await visit.post(begun, visit.platform.sign(claims))
        assert (await visit.enter(answer)).status_code == 200


async def test_vl_14_a_copied_link_keeps_its_content(visit: Visit) -> None:
    course = str(uuid4())
    for link, context in (("1", "2"), ("8", "9")):
        await visit.launch(
            **{
                f"{LTI}custom": {"course_id": course},
                f"{LTI}resource_link": {"id": link},
                f"{LTI}context": {"id": context},
            }
        )
        launch = visit.last_launch()
        assert str(launch.course_id) == course
        assert (launch.resource_link_id, launch.context and launch.context.context_id) == (
            link,
            context,
        )


async def test_vl_16_bare_contexts_and_ids_that_differ_in_case_only(visit: Visit) -> None:
    long = "aB" * 127 + "c"
    for id in (long, long.swapcase()):
        assert (await visit.launch(context={"id": id})).status_code == 303
        context = visit.last_launch().context
        assert context
        assert context.context_id == id
        assert context.title is None


@pytest.mark.parametrize(
    ("return_url", "shown"),
    [
        ("https://lms.example/back?course=2", True),
        ("https://lms.example/back", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
    ],
)
async def test_vl_17_the_way_back_says_what_happened(
    visit: Visit, return_url: str, shown: bool
) -> None:
    presentation = {"locale": "fr", "return_url": return_url}
    answer = await visit.launch(roles=[], launch_presentation=presentation)
    assert '<html lang="fr">' in answer.text
    assert ("lti_errormsg=" in answer.text) is shown
    assert "javascript:" not in answer.text
    if shown:
        assert "Aucun rôle dans ce cours" in unquote(answer.text.partition("lti_errormsg=")[2])


async def test_when_api_is_away_a_page_says_so_and_nothing_is_half_done(visit: Visit) -> None:
    visit.tool.api.away = True
    answer = await visit.launch()
    assert answer.status_code == 503
    refusal = await visit.tool.refusal(answer)
    assert refusal.reason == "api_away"
    assert "Wait a minute" in answer.text
    assert await visit.tool.tickets(visit.platform) == 0
    visit.tool.api.away = False
    assert (await visit.enter()).status_code == 200


async def test_when_api_refuses_the_person_a_page_says_so(visit: Visit) -> None:
    visit.tool.api.refuses = "not_today"
    answer = await visit.launch()
    assert answer.status_code == 403
    refusal = await visit.tool.refusal(answer)
    assert (refusal.reason, refusal.facts["code"]) == ("entry_refused", "not_today")
    assert refusal.facts["registration"] == str(refusal.registration_id)


async def test_a_disabled_person_reads_that_they_are(visit: Visit) -> None:
    visit.tool.api.refuses = "user_disabled"
    answer = await visit.launch()
    assert answer.status_code == 403
    assert "Your account is disabled" in answer.text
    assert (await visit.tool.refusal(answer)).reason == "user_disabled"
    assert await visit.tool.tickets(visit.platform) == 0


async def test_mt_01_mt_04_two_clients_of_one_issuer_are_one_person_with_data_apart(
    visit: Visit,
) -> None:
    other = replace(visit.platform, client_id=uuid4().hex, deployment_id="2")
    await visit.tool.add(other)
    await visit.launch()
    first = visit.last_launch()
    await Visit(visit.tool, other, visit.browser).launch()
    second = visit.last_launch()
    assert first.person == second.person
    assert first.context
    assert second.context
    assert first.context.registration_id != second.context.registration_id


async def test_mt_02_equal_ids_under_two_issuers_are_two_people(visit: Visit) -> None:
    other = FakePlatform(visit.platform.target)
    await visit.tool.add(other)
    await visit.launch()
    first = visit.last_launch()
    theirs = Visit(visit.tool, other, visit.browser)
    await theirs.launch()
    assert theirs.last_launch().person.issuer != first.person.issuer


async def test_ck_09_only_registered_platforms_may_frame_us(visit: Visit) -> None:
    elsewhere = FakePlatform(visit.platform.target)
    await visit.tool.add(elsewhere, origins=["https://frames.example"])
    refused = await visit.launch(roles=[])
    policy = refused.headers["Content-Security-Policy"]
    ancestors = policy.partition("frame-ancestors ")[2]
    assert visit.platform.issuer in ancestors.split()
    assert "https://frames.example" in ancestors.split()
    assert "*" not in ancestors
    framing = await visit.browser.get("/lti/framing")
    assert framing.status_code == 204
    assert framing.headers["Content-Security-Policy"] == f"frame-ancestors {ancestors}"


async def test_forms_go_to_the_registered_platforms_that_have_no_https(visit: Visit) -> None:
    there = "http://localhost:8080"
    elsewhere = FakePlatform(visit.platform.target)
    before = (await visit.browser.get("/lti/framing")).headers["X-Forms"].split()
    await visit.tool.add(elsewhere, origins=["https://frames.example", there], allow_http=True)
    forms = (await visit.browser.get("/lti/framing")).headers["X-Forms"].split()
    assert sorted(forms) == sorted({*before, there})
    assert all(origin.startswith("http://") for origin in forms)
