"""Scores an editor sends: once, said on again, shown how far they came."""

from typing import Any
from uuid import UUID, uuid4

from tests.api.campus import DATABASES, Campus, Person

from mydocker_api.scores.service import ScoreDelivery
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.scores import GradingProgress, ScoreState


async def campus_with_a_student(campus: Campus) -> tuple[Person, Person, str]:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    return teacher, await campus.student(course), course


async def shown(teacher: Person, course: str, person: Person) -> Any:
    page = await teacher.get(f"/api/courses/{course}/people")
    return next(row for row in page["items"] if row["user_id"] == str(person.id))["score"]


async def test_a_score_is_sent_once_and_followed_to_its_end(campus: Campus) -> None:
    teacher, ada, course = await campus_with_a_student(campus)
    path, id = f"/api/courses/{course}/people/{ada.id}/score", str(uuid4())
    body = {"id": id, "given": 85.5, "comment": "Well done"}
    for _ in range(2):
        sent = await teacher.put(path, body)
        assert (sent["state"], sent["given"]) == ("queued", 85.5)
    [(known, score)] = campus.gateway.scores.items()
    assert (str(known), score.subject, score.resource_link_id) == (id, "ada", "activity-1")
    assert (score.given, score.maximum, score.grading) == (
        85.5,
        100,
        GradingProgress.FULLY_GRADED,
    )
    assert await teacher.refused("PUT", path, {**body, "given": 1}) == (409, "score_id_used")
    campus.gateway.score_state = (ScoreState.DELIVERED, None)
    await ScoreDelivery.of(campus.services).step()
    assert (await shown(teacher, course, ada))["state"] == "delivered"


async def test_completion_alone_is_no_grade(campus: Campus) -> None:
    teacher, ada, course = await campus_with_a_student(campus)
    await teacher.put(f"/api/courses/{course}/people/{ada.id}/score", {"id": str(uuid4())})
    [score] = campus.gateway.scores.values()
    assert (score.given, score.grading) == (None, GradingProgress.NOT_READY)


async def test_a_score_waits_for_a_gateway_that_is_away(campus: Campus) -> None:
    teacher, ada, course = await campus_with_a_student(campus)
    campus.gateway.away = True
    id = str(uuid4())
    body = {"id": id, "given": 10}
    sent = await teacher.put(f"/api/courses/{course}/people/{ada.id}/score", body)
    assert sent["state"] == "queued"
    assert campus.gateway.scores == {}
    campus.gateway.away = False
    await ScoreDelivery.of(campus.services).step()
    assert set(campus.gateway.scores) == {UUID(id)}


async def test_a_platform_that_takes_no_scores_is_said_to(campus: Campus) -> None:
    teacher, ada, course = await campus_with_a_student(campus)
    campus.gateway.takes_scores = False
    body = {"id": str(uuid4()), "given": 10}
    sent = await teacher.put(f"/api/courses/{course}/people/{ada.id}/score", body)
    assert (sent["state"], sent["reason"]) == ("refused", "grades_not_offered")


async def test_only_editors_send_scores_and_only_for_their_people(campus: Campus) -> None:
    teacher, ada, course = await campus_with_a_student(campus)
    other = await campus.launch("bob", context=None, link=None)
    body = {"id": str(uuid4()), "given": 10}
    own = f"/api/courses/{course}/people/{ada.id}/score"
    assert await ada.refused("PUT", own, body) == (404, "not_found")
    path = f"/api/courses/{course}/people/{other.id}/score"
    assert await teacher.refused("PUT", path, body) == (409, "no_activity_for_score")
    for wrong in ({"given": 101}, {"given": -1}, {"comment": "x" * 2001}, {"more": 1}):
        assert (await teacher.refused("PUT", own, {**body, **wrong}))[0] == 422
    elsewhere = DATABASES.model_copy(update={"context_id": "8"})
    stranger = await campus.launch("kay", ContextRole.TEACHER, context=elsewhere)
    assert (await stranger.refused("PUT", own, body))[0] == 404


async def test_a_score_goes_to_the_activity_that_the_person_entered_by(campus: Campus) -> None:
    """A copy of the activity that somebody else opened takes nobody's scores but theirs."""
    teacher, ada, course = await campus_with_a_student(campus)
    bob = await campus.launch("bob", course=course, link="copy-of-activity-1")
    both = await campus.student(course, "eve")
    await campus.launch("eve", course=course, link="copy-of-activity-1")

    def path(person: Person) -> str:
        return f"/api/courses/{course}/people/{person.id}/score"

    for person, link in ((ada, "activity-1"), (bob, "copy-of-activity-1")):
        await teacher.put(path(person), {"id": str(uuid4()), "given": 50})
        [score] = [score for score in campus.gateway.scores.values() if score.subject != "eve"]
        assert score.resource_link_id == link
        campus.gateway.scores.clear()

    body: dict[str, Any] = {"id": str(uuid4()), "given": 42}
    response = await teacher.http.put(path(both), json=body)
    assert (response.status_code, response.json()["code"]) == (409, "activity_ambiguous")
    assert len(response.json()["subjects"]) == 2
    assert campus.gateway.scores == {}
    page = await teacher.get(f"/api/courses/{course}/people")
    [mine] = next(person for person in page["items"] if person["user_id"] == str(ada.id))[
        "activities"
    ]
    of_ada = mine["resource_link_id"]
    activities = next(person for person in page["items"] if person["user_id"] == str(both.id))[
        "activities"
    ]
    assert [activity["context_title"] for activity in activities] == ["Databases", "Databases"]
    for activity in activities:
        chosen = activity["resource_link_id"]
        sent = await teacher.put(
            path(both), {"id": str(uuid4()), "given": 42, "resource_link_id": chosen}
        )
        assert sent["resource_link_id"] == chosen
    to = {score.resource_link_id for score in campus.gateway.scores.values()}
    assert to == {"activity-1", "copy-of-activity-1"}
    # An activity they did not enter by is none of theirs.
    copy = next(
        activity["resource_link_id"]
        for activity in activities
        if activity["resource_link_id"] != of_ada
    )
    foreign = {"id": str(uuid4()), "given": 1, "resource_link_id": copy}
    assert await teacher.refused("PUT", path(ada), foreign) == (409, "no_activity_for_score")
