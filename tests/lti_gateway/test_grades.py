"""Grades: lti-conformance section 7, against a gradebook with Moodle's rules."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from mydocker_kit.contracts.platforms import PlatformAct
from mydocker_kit.contracts.scores import ActivityProgress, GradingProgress, ScoreState
from mydocker_kit.db import transaction
from mydocker_kit.errors import Conflict, NotFound
from mydocker_lti import gradebooks
from mydocker_lti.domain.services import Scope, below, links_of
from mydocker_lti.journal import COMMAND
from mydocker_lti.platform_acts import act

from .campus import ALL_SCOPES, Campus, campus

__all__ = ["campus"]
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
PENDING: dict[str, Any] = {
    "given": None,
    "activity": ActivityProgress.STARTED,
    "grading": GradingProgress.PENDING,
}


def without(*scopes: Scope) -> list[str]:
    return [scope for scope in ALL_SCOPES if scope not in scopes]


@pytest.mark.parametrize(
    "claim",
    [
        {"scope": None},
        {"scope": without(Scope.SCORE)},
        {"scope": "all"},
        {"lineitem": "", "lineitems": None},
        {"lineitem": 7, "lineitems": "javascript:alert(1)"},
    ],
)
async def test_ag_01_without_the_right_no_score_is_taken(
    campus: Campus, claim: dict[str, Any]
) -> None:
    await campus.launch(**claim)
    with pytest.raises(Conflict) as refused:
        await campus.queue()
    assert refused.value.code == "grades_not_offered"


async def test_ag_01_the_newest_launch_decides(campus: Campus) -> None:
    await campus.launch()
    id = await campus.queue()
    await campus.launch(scope=without(Scope.SCORE))
    await campus.step()
    status = await campus.api.score(id)
    assert (status.state, status.reason) == (ScoreState.REFUSED, "grades_not_offered")
    assert campus.services.asked == []


async def test_ag_01_a_launch_without_any_claim_still_works(campus: Campus) -> None:
    await campus.launch(scope=None, roster=None)
    await campus.launch(scope=None, roster=["nonsense"])


async def test_ag_02_the_column_is_found_among_others(campus: Campus) -> None:
    await campus.launch(lineitem=None)
    origin = campus.services.origin
    ours = {"resourceLinkId": "1", "resourceId": "course-1", "tag": "mydocker"}
    campus.services.items = [
        {**ours, "id": f"{origin}/2/a/lineitem", "resourceLinkId": "2"},
        {**ours, "id": f"{origin}/2/b/lineitem", "tag": "other"},
        {**ours, "id": f"{origin}/2/c/lineitem?type_id=1"},
    ]
    assert (await campus.send()).state is ScoreState.DELIVERED
    assert list(campus.services.scores) == [("/2/c/lineitem", "5")]
    asked = campus.services.calls("lineitems")
    assert [request.method for request in asked] == ["GET"]
    assert dict(asked[0].url.params) == {
        "type_id": "1",
        "resource_link_id": "1",
        "tag": "mydocker",
        "resource_id": "course-1",
    }
    await campus.send(subject="6")
    assert campus.services.count("lineitems") == 1, "remembered"


async def test_ag_02_two_workers_make_one_column(campus: Campus) -> None:
    await campus.launch(lineitem=None)
    for subject in ("5", "6", "7"):
        await campus.queue(subject=subject)
    asked, goes_on = asyncio.Event(), asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/lineitems") and not asked.is_set():
            asked.set()
            await goes_on.wait()
        return campus.services(request)

    def services(request: httpx.Request) -> Any:
        return answer(request)

    campus.visit.platform.services = services
    first = asyncio.create_task(campus.step())
    await asked.wait()
    await campus.step()
    assert campus.services.taken == [], "the second worker found the lane taken"
    goes_on.set()
    await first
    assert len(campus.services.items) == 1
    made = campus.services.items[0]
    assert (made["label"], made["scoreMaximum"]) == ("OpenSSL practice", 100)
    assert made["resourceLinkId"] == "1"
    assert len(campus.services.taken) == 3


async def test_ag_02_without_the_right_to_make_one_it_is_said(campus: Campus) -> None:
    await campus.launch(lineitem=None, scope=without(Scope.LINE_ITEM))
    status = await campus.send()
    assert (status.state, status.reason) == (ScoreState.REFUSED, "no_line_item")
    assert campus.services.items == []


async def test_ag_03_scores_stands_before_the_query(campus: Campus) -> None:
    await campus.launch()
    await campus.send()
    url = campus.services.calls("scores")[0].url
    assert (url.path, url.query) == ("/2/1/lineitem/scores", b"type_id=1")
    assert below("https://a.example/x/?y=1#z", "scores") == "https://a.example/x/scores?y=1"


async def test_ag_04_the_body_and_the_media_types(campus: Campus) -> None:
    await campus.launch(lineitem=None)
    await campus.send(given=7.5, maximum=10, comment="Well done")
    post = campus.services.calls("scores")[0]
    assert post.headers["Content-Type"] == SCORE_TYPE
    said = campus.services.taken[0]
    moment = said.pop("timestamp")
    assert datetime.fromisoformat(moment) == campus.tool.now
    assert (moment[19:23], moment[23:]) == (".000", "+00:00")
    assert said == {
        "userId": "5",
        "scoreGiven": 7.5,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "comment": "Well done",
    }
    looked, made = campus.services.calls("lineitems")
    assert looked.headers["Accept"] == ITEMS_TYPE
    assert "Content-Type" not in looked.headers
    assert made.headers["Content-Type"] == ITEM_TYPE


@pytest.mark.parametrize(
    "wrong",
    [
        {"given": -1.0},
        {"given": float("nan")},
        {"given": None},
        {"maximum": 0},
        {"maximum": 101},
        {"at": datetime(2026, 1, 1)},
        {"subject": ""},
        {"comment": "\x00"},
    ],
)
async def test_ag_04_what_platforms_would_refuse_is_refused_here(
    campus: Campus, wrong: dict[str, Any]
) -> None:
    await campus.launch()
    with pytest.raises(ValidationError):
        campus.score(**wrong)


async def test_ag_05_times_rise_by_whole_seconds(campus: Campus) -> None:
    await campus.launch()
    at = campus.tool.now - timedelta(milliseconds=1500)
    for given in (10.0, 20.0, 30.0):
        await campus.queue(given=given, at=at)
    await campus.queue(subject="6", at=at)
    await campus.step()
    moments = [datetime.fromisoformat(said["timestamp"]) for said in campus.services.taken]
    first = at.replace(microsecond=0)
    second = timedelta(seconds=1)
    assert moments == [first, first + second, first + 2 * second, first]
    assert [said.get("scoreGiven") for said in campus.services.taken[:3]] == [10.0, 20.0, 30.0]


async def test_ag_05_no_time_is_ahead_of_the_clock(campus: Campus) -> None:
    await campus.launch()
    await campus.send(at=datetime(2999, 1, 1, tzinfo=UTC))
    said = datetime.fromisoformat(campus.services.taken[0]["timestamp"])
    assert said == campus.tool.now


async def test_ag_05_a_retry_keeps_its_time_and_a_lost_answer_doubles_nothing(
    campus: Campus,
) -> None:
    await campus.launch()
    campus.services.lose_answers = True
    id = await campus.queue()
    await campus.step()
    assert (await campus.api.score(id)).state is ScoreState.QUEUED
    campus.tool.pass_time(minutes=1)
    await campus.step()
    status = await campus.api.score(id)
    assert (status.state, status.attempts) == (ScoreState.DELIVERED, 2)
    assert len(campus.services.taken) == 1
    first, again = campus.services.calls("scores")
    assert first.content == again.content
    assert campus.services.calls("results")[0].headers["Accept"] == RESULTS_TYPE
    assert dict(campus.services.calls("results")[0].url.params) == {
        "type_id": "1",
        "user_id": "5",
    }


async def test_ag_05_a_later_score_of_another_supersedes_ours(campus: Campus) -> None:
    await campus.launch()
    await campus.send(subject="5", given=10.0)
    column = next(iter(campus.services.scores))
    later = (campus.tool.now + timedelta(hours=1)).isoformat()
    campus.services.scores[column] = {
        **campus.services.scores[column],
        "timestamp": later,
        "scoreGiven": 90.0,
    }
    campus.tool.pass_time(seconds=10)
    status = await campus.send(given=20.0)
    assert (status.state, status.reason) == (ScoreState.SUPERSEDED, "later_score")
    assert campus.services.grade() == [90.0]


async def test_ag_05_a_refused_time_where_no_grade_stands_is_said_later(campus: Campus) -> None:
    await campus.launch()
    ahead = campus.tool.now.isoformat()
    stored = {"timestamp": ahead, "gradingProgress": "Pending"}
    campus.services.scores["/2/1/lineitem", "5"] = stored
    assert (await campus.send()).state is ScoreState.DELIVERED
    assert campus.services.grade() == [80.0]


async def test_ag_06_pending_is_sent_where_no_grade_stands(campus: Campus) -> None:
    await campus.launch()
    status = await campus.send(
        given=50.0, activity=ActivityProgress.SUBMITTED, grading=GradingProgress.PENDING_MANUAL
    )
    assert status.state is ScoreState.DELIVERED
    assert campus.services.taken[0]["gradingProgress"] == "PendingManual"
    assert campus.services.grade() == [None]
    campus.tool.pass_time(seconds=5)
    await campus.send(given=60.0)
    assert campus.services.grade() == [60.0]


@pytest.mark.parametrize("known_how", ["ours", "theirs"])
async def test_ag_06_progress_never_erases_a_grade(campus: Campus, known_how: str) -> None:
    await campus.launch()
    if known_how == "ours":
        await campus.send()
    else:
        stored = {"timestamp": "2020-01-01T00:00:00+00:00", "gradingProgress": "FullyGraded"}
        given = {"scoreGiven": 80.0, "scoreMaximum": 100}
        campus.services.scores["/2/1/lineitem", "5"] = {**stored, **given}
    campus.tool.pass_time(seconds=5)
    status = await campus.send(**PENDING)
    assert (status.state, status.reason) == (ScoreState.WITHHELD, "grade_exists")
    assert campus.services.grade() == [80.0]


async def test_ag_06_progress_is_withheld_where_grades_cannot_be_read(campus: Campus) -> None:
    await campus.launch(scope=without(Scope.RESULT_READ))
    status = await campus.send(**PENDING)
    assert (status.state, status.reason) == (ScoreState.WITHHELD, "grade_unknown")


async def test_ag_07_a_teacher_is_refused_once_and_for_all(campus: Campus) -> None:
    await campus.launch()
    status = await campus.send(subject="3")
    assert (status.state, status.reason) == (ScoreState.REFUSED, "not_gradable")
    campus.tool.pass_time(hours=1)
    await campus.step()
    assert campus.services.count("scores") == 1
    assert (await campus.send(subject="5")).state is ScoreState.DELIVERED


async def test_ag_08_a_null_result_is_no_grade(campus: Campus) -> None:
    await campus.launch()
    result = {"userId": "5", "resultScore": None, "resultMaximum": None}
    campus.services.faults["results"] = [httpx.Response(200, json=[result])]
    assert (await campus.send(**PENDING)).state is ScoreState.DELIVERED


async def test_ag_08_moodles_broken_page_links_are_read(campus: Campus) -> None:
    link = "<https://a.example/x?limit=2&amp;from=2>; rel=”next”, <https://a.example/y>; rel=last"
    assert links_of(link) == {
        "next": "https://a.example/x?limit=2&from=2",
        "last": "https://a.example/y",
    }
    await campus.launch(lineitem=None)
    campus.services.item_link = f"<{campus.services.origin}/2/lineitems?type_id=1>; rel=“next”"
    status = await campus.send()
    assert (status.state, status.reason) == (ScoreState.QUEUED, "pages without end")
    assert campus.services.count("lineitems") == 2


async def test_ag_09_an_hour_of_silence_loses_and_doubles_nothing(campus: Campus) -> None:
    await campus.launch()
    campus.services.down = True
    ids = []
    for minute in range(60):
        ids.append(await campus.queue(subject=str(5 + minute % 3), given=float(minute)))
        await campus.step()
        campus.tool.pass_time(minutes=1)
    asked = len(campus.services.asked)
    assert 10 <= asked <= 60, "tried again and again, but not every time"
    assert {(await campus.api.score(id)).state for id in ids} == {ScoreState.QUEUED}
    campus.services.down = False
    campus.tool.pass_time(minutes=5)
    await campus.step()
    assert {(await campus.api.score(id)).state for id in ids} == {ScoreState.DELIVERED}
    assert campus.services.repeated_users() == {"5": 20, "6": 20, "7": 20}
    assert [campus.services.grade(user) for user in "567"] == [[57.0], [58.0], [59.0]]


async def test_ag_09_another_process_goes_on_where_one_died(campus: Campus) -> None:
    await campus.launch()
    id = await campus.queue()
    deliveries = campus.tool.app.state.deliveries
    assert await deliveries._take_turns()  # and dies
    await campus.step()
    assert (await campus.api.score(id)).attempts == 0
    campus.tool.pass_time(minutes=4)
    await campus.step()
    assert (await campus.api.score(id)).state is ScoreState.DELIVERED


async def test_ag_10_a_deleted_column_is_made_again_once(campus: Campus) -> None:
    await campus.launch()
    campus.services.faults["scores"] = [httpx.Response(404)]
    assert (await campus.send()).state is ScoreState.DELIVERED
    assert len(campus.services.items) == 1
    campus.services.faults["scores"] = [httpx.Response(404)]
    with capture_logs() as logs:
        status = await campus.send(subject="6")
    assert (status.state, status.reason) == (ScoreState.REFUSED, "line_item_gone")
    assert len(campus.services.items) == 1
    assert [line["log_level"] for line in logs if line["event"] == "score.refused"]
    assert not [request for request in campus.services.asked if request.method == "DELETE"]


async def test_ag_10_without_the_right_the_reason_is_said(campus: Campus) -> None:
    await campus.launch(scope=without(Scope.LINE_ITEM))
    campus.services.faults["scores"] = [httpx.Response(404)]
    status = await campus.send()
    assert (status.state, status.reason) == (ScoreState.REFUSED, "line_item_gone")


async def test_ag_11_two_links_of_one_course_have_a_column_each(campus: Campus) -> None:
    for link in ("1", "2"):
        await campus.launch(link=link, lineitem=None)
        await campus.send(resource_link_id=link)
    assert [item["resourceLinkId"] for item in campus.services.items] == ["1", "2"]
    assert len({column for column, _ in campus.services.scores}) == 2


async def test_the_same_call_again_changes_nothing(campus: Campus) -> None:
    await campus.launch()
    id, score = uuid4(), campus.score()
    both = await asyncio.gather(*(campus.api.put_score(id, score) for _ in range(5)))
    assert {status.state for status in both} == {ScoreState.QUEUED}
    await campus.step()
    assert (await campus.api.put_score(id, score)).state is ScoreState.DELIVERED
    assert len(campus.services.taken) == 1
    with pytest.raises(Conflict) as refused:
        await campus.api.put_score(id, campus.score(given=1.0))
    assert refused.value.code == "score_id_taken"
    with pytest.raises(NotFound):
        await campus.api.score(uuid4())


async def test_logs_name_scores_and_never_people_or_bearers(campus: Campus) -> None:
    await campus.launch()
    with capture_logs() as logs:
        await campus.send(subject="5", comment="about Ana")
    assert "score.delivered" in [line["event"] for line in logs]
    for secret in ("Ana", *campus.services.bearers):
        assert secret not in repr(logs)
    assert not any("subject" in line for line in logs)


async def test_a_disabled_platform_is_left_in_peace_and_its_scores_wait(campus: Campus) -> None:
    await campus.launch()
    id = await campus.queue()
    async with transaction(campus.tool.app.state.sessions) as db:
        platform = campus.context.registration_id
        await act(db, platform, PlatformAct.DISABLE, campus.tool.now, actor=COMMAND)
    await campus.step()
    assert campus.services.asked == []
    await campus.tool.add(campus.visit.platform)
    await campus.step()
    assert (await campus.api.score(id)).state is ScoreState.DELIVERED


async def test_no_column_of_a_platform_is_ever_deleted(campus: Campus) -> None:
    """Moodle lets a tool delete an activity's own column, grades and all."""
    await campus.launch(lineitem=None)
    await campus.send()
    campus.services.faults["scores"] = [httpx.Response(404)]
    await campus.send(given=90.0)
    assert {request.method for request in campus.services.asked} <= {"GET", "POST"}
    package = Path(gradebooks.__file__).parent
    assert not any('"DELETE"' in path.read_text("utf-8") for path in package.rglob("*.py"))
