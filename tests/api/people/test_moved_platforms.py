"""MT-05: a platform changes its URL. An operator maps its people; nothing is mapped by itself."""

from typing import Any
from uuid import UUID

import pytest

from mydocker_kit.contracts.gateway.launches import ContextRole, LaunchContext
from mydocker_kit.contracts.gateway.sessions import SessionEnd

from ..campus import DATABASES, ISSUER, Campus, Person
from ..operating.fake_platforms import FakePlatforms
from ..operating.test_platforms import DRAFT
from .test_accounts import SSO, issuers, proves, signed_in

NEW = "https://learn.example"
MOVED = {**DRAFT, "issuer": NEW, "jwks_url": f"{NEW}/mod/lti/certs.php"}


@pytest.fixture
async def moodle(operator: Person, platforms: FakePlatforms) -> str:
    """The path of the platform that will move."""
    added = await operator.post("/api/platforms", DRAFT)
    return f"/api/platforms/{added['id']}"


async def put(
    operator: Person, path: str, people: str | None, draft: dict[str, Any] = MOVED
) -> tuple[int, str]:
    params = {"people": people} if people else {}
    answer = await operator.http.put(path, params=params, json=draft, headers={"If-Match": "*"})
    return answer.status_code, answer.json().get("code", "")


async def test_mt_05_the_people_of_a_moved_platform_stay_who_they_are(
    campus: Campus, operator: Person, moodle: str, platforms: FakePlatforms
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    student = await campus.student(course)
    foreseen = {"from_issuer": ISSUER, "to_issuer": NEW}
    # Olga, the operator, came from there too.
    assert await operator.get(f"{moodle}/people", params=foreseen) == {"people": 3, "apart": 0}
    assert await put(operator, moodle, "same") == (200, "")
    lines = (await operator.get(f"{moodle}/events"))["items"]
    assert [(entry["kind"], entry["actor_name"]) for entry in lines] == [("people_moved", "Olga")]
    assert lines[0]["facts"] == {"from_issuer": ISSUER, "to_issuer": NEW}
    # Their sessions go on, and at the new address they are the same people.
    assert (await student.get("/api/me"))["id"] == str(student.id)
    again = await campus.launch("ada", course=course, issuer=NEW)
    assert again.id == student.id
    back = await campus.launch("grace", ContextRole.TEACHER, issuer=NEW)
    assert back.id == teacher.id
    assert (await back.get("/api/courses"))["items"][0]["id"] == course


async def test_mt_05_never_by_itself(
    campus: Campus, operator: Person, moodle: str, platforms: FakePlatforms
) -> None:
    teacher = await campus.teacher()
    assert await put(operator, moodle, None) == (409, "issuer_changes")
    assert (await operator.get(moodle))["issuer"] == ISSUER
    # The same subject, e-mail or name under another issuer is somebody else.
    stranger = await campus.launch("grace", ContextRole.TEACHER, issuer=NEW, name="Grace")
    assert stranger.id != teacher.id
    assert await put(operator, moodle, "others") == (200, "")
    assert (await operator.get(f"{moodle}/events"))["items"] == []
    assert (await campus.launch("grace", ContextRole.TEACHER, issuer=NEW)).id == stranger.id


async def test_mt_05_who_came_by_both_addresses(
    campus: Campus, operator: Person, moodle: str, platforms: FakePlatforms
) -> None:
    """An empty newer account gives way, with the fresher role; one with work stays apart."""
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.launch("ada", ContextRole.TEACHER, course=course)
    bob = await campus.student(course, "bob")
    new_ada = await campus.launch("ada", ContextRole.STUDENT, course=course, issuer=NEW)
    new_bob = await campus.launch("bob", course=course, issuer=NEW)
    await new_bob.post(f"/api/courses/{course}/environment/start")
    foreseen = await operator.get(
        f"{moodle}/people", params={"from_issuer": ISSUER, "to_issuer": NEW}
    )
    assert foreseen == {"people": 3, "apart": 1}
    assert await put(operator, moodle, "same") == (200, "")
    assert campus.gateway.shut_out == [(new_ada.id, SessionEnd.REPLACED)]
    assert (await new_ada.refused("GET", "/api/me"))[0] == 401
    # What the newer launch said holds: no rights of the older one come back.
    assert (await ada.get("/api/me"))["can"] == []
    assert (await campus.launch("ada", course=course, issuer=NEW)).id == ada.id
    assert (await campus.launch("bob", course=course, issuer=NEW)).id == new_bob.id
    assert (await bob.get("/api/me"))["id"] == str(bob.id)
    # Ordered again: nothing left but Bob, who is two people.
    again = await operator.post(f"{moodle}/people", {"from_issuer": ISSUER})
    assert again == {"moved": 0, "apart": 1}


async def test_mt_05_a_platform_that_registered_anew_takes_over_its_people(
    campus: Campus, operator: Person, moodle: str, platforms: FakePlatforms
) -> None:
    """Another client at the new address; the old one must be off before its people move."""
    teacher = await campus.teacher()
    added = await operator.post("/api/platforms", {**MOVED, "client_id": "second"})
    path, order = f"/api/platforms/{added['id']}", {"from_issuer": ISSUER}
    assert await operator.refused("POST", f"{path}/people", order) == (409, "issuer_in_use")
    await operator.post(f"{moodle}/disable")
    assert await operator.refused("POST", f"{path}/people", {"from_issuer": "https://idp"}) == (
        422,
        "issuer_never_known",
    )
    assert ISSUER in await operator.get(f"{path}/earlier-issuers")
    assert (await operator.post(f"{path}/people", order)) == {"moved": 2, "apart": 0}
    elsewhere = LaunchContext(
        registration_id=UUID(added["id"]), deployment_id="1", context_id=DATABASES.context_id
    )
    came = await campus.launch("grace", ContextRole.TEACHER, issuer=NEW, context=elsewhere)
    assert came.id == teacher.id


async def test_mt_05_while_another_client_of_the_issuer_lets_people_in_nobody_moves(
    operator: Person, moodle: str, platforms: FakePlatforms
) -> None:
    other = await operator.post("/api/platforms", {**DRAFT, "client_id": "second"})
    assert await put(operator, moodle, "same") == (409, "issuer_in_use")
    assert (await operator.get(moodle))["issuer"] == ISSUER
    await operator.post(f"/api/platforms/{other['id']}/disable")
    assert await put(operator, moodle, "same") == (200, "")


async def test_mt_05_who_has_linked_accounts_stays_one_person(
    campus: Campus, operator: Person, moodle: str, platforms: FakePlatforms
) -> None:
    """Ada signs in elsewhere too; Bob linked both addresses of the platform himself."""
    ada, bob = await campus.launch("ada"), await campus.launch("bob")
    await ada.post(f"{await proves(campus, ada)}/accept")
    await bob.post(f"{await proves(campus, bob, 'bob', NEW)}/accept")
    assert await put(operator, moodle, "same") == (200, "")
    assert await issuers(ada) == [NEW, SSO]
    assert await issuers(bob) == [NEW]
    for subject, person in (("ada", ada), ("bob", bob)):
        assert (await campus.launch(subject, issuer=NEW)).id == person.id
    assert (await signed_in(campus)).id == ada.id
