"""Two accounts that one person proved become one; an identity unlinked gives nothing any more."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from tests.api.campus import ISSUER, Campus, Person
from tests.support.waiting import until

from mydocker_api.models import AccountLink, Environment, Identity, Membership, User
from mydocker_api.platforms.moving import move_people
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole, LaunchPerson
from mydocker_kit.contracts.gateway.sign_ins import LinkRequest, SignIn
from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.postgres.db import transaction

SSO = "https://sso.example"


async def signed_in(campus: Campus, subject: str = "ada", issuer: str = SSO) -> Person:
    """Somebody signs in without an LMS."""
    who = LaunchPerson(issuer=issuer, subject=subject, name=subject.title())
    person = campus.signed_in(
        await campus.gateway_client.put_sign_in(SignIn(id=uuid4(), person=who))
    )
    campus.people[f"{issuer} {subject} {person.web_session_id}"] = person
    return person


async def proves(campus: Campus, person: Person, subject: str = "ada", issuer: str = SSO) -> str:
    """The same browser comes back from the provider: where the request is shown."""
    who = LaunchPerson(issuer=issuer, subject=subject, name=subject.title())
    asked = LinkRequest(
        id=uuid4(), user_id=person.id, web_session_id=person.web_session_id, person=who
    )
    for _ in range(2):  # the gateway may say it twice
        await campus.gateway_client.put_link_request(asked)
    return f"/api/account/link-requests/{asked.id}"


async def issuers(person: Person) -> list[str]:
    return [identity["issuer"] for identity in (await person.get("/api/account"))["identities"]]


async def test_an_identity_nobody_came_by_leads_to_the_same_person(campus: Campus) -> None:
    ada = await campus.launch("ada")
    path = await proves(campus, ada)
    shown = await ada.get(path)
    assert shown["mine"]["issuers"] == [ISSUER]
    assert (shown["other"], shown["moving"]) == ({"name": "Ada", "issuers": [SSO]}, None)
    assert await issuers(ada) == [ISSUER], "reading links nothing"
    account = await ada.post(f"{path}/accept")
    assert [identity["can"] for identity in account["identities"]] == [["unlink"], ["unlink"]]
    assert (await signed_in(campus)).id == ada.id
    assert await ada.refused("POST", f"{path}/accept") == (409, "account_link_over")


async def test_everything_of_the_other_account_becomes_mine(campus: Campus) -> None:
    grace = await signed_in(campus, "grace")
    await campus.grant(grace, may_build_since=utc_now(), operator_since=utc_now())
    teacher = await campus.teacher("teacher")
    theirs = await campus.course(teacher)
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(
            update(User).where(User.id == grace.id).values(email="grace@school.example")
        )
    image, _ = await campus.built_image(grace)
    me = await campus.teacher("grace", builds=False)
    student = await campus.launch("grace", course=theirs)
    assert student.id == me.id
    me = await campus.teacher("grace", builds=False)

    path = await proves(campus, me, "grace")
    moving = (await me.get(path))["moving"]
    assert (moving["images"], moving["operates"], moving["may_build"]) == (1, True, True)
    await me.post(f"{path}/accept")

    assert (await me.get(f"/api/images/{image}"))["can"] == ["edit", "build", "delete", "share"]
    assert {"operate", "build_images", "create_courses"} <= set((await me.get("/api/me"))["can"])
    assert (await signed_in(campus, "grace")).id == me.id
    # The other account lets nobody in, is in no list, and its web sessions end.
    assert await grace.refused("GET", "/api/me") == (401, "unauthenticated")
    people = (await me.get("/api/people"))["items"]
    assert str(grace.id) not in [person["id"] for person in people]
    listed = (await me.get("/api/people", params={"search": SSO}))["items"]
    assert [person["id"] for person in listed] == [str(me.id)]

    async def sessions_ended() -> bool:
        return (grace.id, "account_changed") in campus.gateway.shut_out

    assert await until(sessions_ended)


async def test_work_comes_along_and_mine_stays_where_both_have_some(campus: Campus) -> None:
    teacher = await campus.teacher()
    both, only_other = [await campus.course(teacher, title=title) for title in ("Both", "Other")]
    other = await signed_in(campus)
    await join_courses(campus, other, both, only_other)
    for course in (both, only_other):
        await other.post(f"/api/courses/{course}/environment/start")
    me = await campus.student(both)
    await me.post(f"/api/courses/{both}/environment/start")
    environment = campus.environment(only_other, other)
    await campus.orchestrator.ready(environment)
    volume = campus.orchestrator.specs[environment].volumes[0].name

    path = await proves(campus, me)
    moving = (await me.get(path))["moving"]
    assert (moving["environments"], moving["running"], moving["set_aside"]) == (2, 2, ["Both"])
    await me.post(f"{path}/accept")

    async def stopped() -> bool:
        return len(campus.orchestrator.stops) == 2

    assert await until(stopped)
    await campus.orchestrator.record(environment, phase=Phase.STOPPED)
    # The same environment, the same files, now mine: the door knows me at the next start.
    await me.post(f"/api/courses/{only_other}/environment/start")
    spec = campus.orchestrator.specs[environment]
    assert (spec.owner_id, spec.attempt, spec.volumes[0].name) == (me.id, 2, volume)
    async with transaction(campus.app.state.sessions) as db:
        aside = await db.get_one(Environment, campus.environment(both, other))
        mine = await db.get_one(Environment, campus.environment(both, me))
        assert (aside.user_id, mine.user_id, mine.work_of_id) == (other.id, me.id, None)


async def join_courses(campus: Campus, person: Person, *courses: str) -> None:
    """As if this account had come to them."""
    async with transaction(campus.app.state.sessions) as db:
        for course in courses:
            db.add(Membership(course_id=UUID(course), user_id=person.id, joined_at=utc_now()))


async def test_only_the_visit_that_proved_both_may_answer(campus: Campus) -> None:
    ada, eve = await campus.launch("ada"), await campus.launch("eve")
    path = await proves(campus, ada)
    elsewhere = campus.signed_in(ada.arrival)  # the same person in another browser
    for somebody in (eve, elsewhere):
        assert await somebody.refused("GET", path) == (404, "not_found")
        assert await somebody.refused("POST", f"{path}/accept") == (404, "not_found")
        assert await somebody.refused("DELETE", path) == (404, "not_found")
    await elsewhere.http.aclose()
    await ada.delete(path)
    assert await ada.refused("GET", path) == (404, "not_found")
    assert await issuers(ada) == [ISSUER]


async def test_what_cannot_be_joined_says_why(campus: Campus) -> None:
    ada = await campus.launch("ada")
    path = await proves(campus, ada)
    await ada.post(f"{path}/accept")
    again = await proves(campus, ada)
    assert await ada.refused("GET", again) == (409, "same_account")
    another = await proves(campus, ada, "ada.lovelace")
    assert await ada.refused("POST", f"{another}/accept") == (409, "same_issuer")

    bob, off = await campus.launch("bob"), await signed_in(campus, "bob")
    await campus.grant(off, disabled_at=utc_now())
    path = await proves(campus, bob, "bob")
    assert await bob.refused("POST", f"{path}/accept") == (409, "account_disabled")

    late = await proves(campus, bob, "robert")
    async with transaction(campus.app.state.sessions) as db:
        past = utc_now() - timedelta(seconds=1)
        await db.execute(update(AccountLink).values(expires_at=past))
    assert await bob.refused("GET", late) == (409, "account_link_over")


async def test_an_identity_linked_elsewhere_meanwhile_stays_there(campus: Campus) -> None:
    ada, eve = await campus.launch("ada"), await campus.launch("eve")
    first, second = await proves(campus, ada), await proves(campus, eve)
    answers = await asyncio.gather(
        ada.http.post(f"{first}/accept"), eve.http.post(f"{second}/accept")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert [answer.json()["code"] for answer in answers if answer.is_error] == ["account_changed"]
    async with transaction(campus.app.state.sessions) as db:
        owners = select(func.count()).select_from(Identity).where(Identity.issuer == SSO)
        assert await db.scalar(owners) == 1


async def test_two_clicks_on_accept_join_once(campus: Campus) -> None:
    ada = await campus.launch("ada")
    await signed_in(campus)
    path = await proves(campus, ada)
    answers = await asyncio.gather(*(ada.http.post(f"{path}/accept") for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await issuers(ada) == [ISSUER, SSO]


async def test_an_unlinked_identity_is_nobody_until_it_comes_again(campus: Campus) -> None:
    course = await campus.course(await campus.teacher())
    ada = await campus.student(course)
    path = await proves(campus, ada)
    account = await ada.post(f"{path}/accept")
    moodle = account["identities"][0]
    assert moodle["issuer"] == ISSUER
    await ada.delete(f"/api/account/identities/{moodle['id']}")
    # What the course space gave goes with it: the role, the course.
    same = await signed_in(campus)
    assert same.id == ada.id
    assert (await same.get("/api/me"))["contexts"] == []
    assert await same.refused("GET", f"/api/courses/{course}/window") == (404, "not_found")

    async def sessions_ended() -> bool:
        return (ada.id, "account_changed") in campus.gateway.shut_out

    assert await until(sessions_ended)
    left = (await same.get("/api/account"))["identities"]
    assert await same.refused("DELETE", f"/api/account/identities/{left[0]['id']}") == (
        409,
        "last_identity",
    )
    assert await same.refused("DELETE", f"/api/account/identities/{moodle['id']}") == (
        404,
        "not_found",
    )
    stranger = await campus.launch("ada", ContextRole.STUDENT)
    assert stranger.id != ada.id
    assert await issuers(stranger) == [ISSUER]


async def test_a_name_comes_from_one_identity_only(campus: Campus) -> None:
    ada = await campus.launch("ada", name="Ada King")
    await ada.post(f"{await proves(campus, ada)}/accept")
    same = await signed_in(campus)
    assert (await same.get("/api/me"))["name"] == "Ada King"
    assert (await same.get("/api/me"))["email"] is None


async def test_two_first_visits_at_once_are_one_person(campus: Campus) -> None:
    accounts = await asyncio.gather(*(signed_in(campus, "new") for _ in range(5)))
    assert len({person.id for person in accounts}) == 1
    assert await issuers(accounts[0]) == [SSO]


async def test_mt_05_a_moved_platform_takes_linked_people_along(campus: Campus) -> None:
    """By their identities, whichever of them names the account."""
    moved = "https://learn.example"
    first = await signed_in(campus, "ada")
    ada = await campus.launch("ada", ContextRole.TEACHER)
    await ada.post(f"{await proves(campus, ada)}/accept")
    assert first.id != ada.id
    async with transaction(campus.app.state.sessions) as db:
        result, gone = await move_people(db, SSO, moved, actor=uuid4())
    assert (result.moved, result.apart, gone) == (1, 0, [])
    assert await issuers(ada) == [ISSUER, moved]
    assert (await signed_in(campus, "ada", moved)).id == ada.id
    assert (await signed_in(campus, "ada")).id != ada.id


async def test_the_gateway_reads_the_name_of_an_account(campus: Campus) -> None:
    ada = await campus.launch("ada", name="Ada Lovelace")
    named = await campus.gateway_client.account_name(ada.id)
    assert (named.name, named.email) == ("Ada Lovelace", None)
    assert await ada.refused("GET", f"/internal/accounts/{ada.id}") == (401, "unauthenticated")
