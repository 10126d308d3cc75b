"""Grades: AG rows of docs/lti/conformance.md, against a gradebook with Moodle's rules."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from mydocker_kit.contracts.gateway.platforms import PlatformAct
from mydocker_kit.contracts.gateway.scores import ActivityProgress, GradingProgress, ScoreState
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.postgres.db import transaction
from mydocker_lti.domain.services.service_urls import Scope
from mydocker_lti.platforms.acts import act
from mydocker_lti.platforms.audit import COMMAND

from .fake_services import PlatformWithServices, platform, without

__all__ = ["platform"]
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
PENDING: dict[str, Any] = {
    "given": None,
    "activity": ActivityProgress.STARTED,
    "grading": GradingProgress.PENDING,
}


async def test_ag_04_the_body_and_the_media_types(platform: PlatformWithServices) -> None:
    await platform.launch(lineitem=None)
    await platform.send(given=7.5, maximum=10, comment="Well done")
    post = platform.services.calls("scores")[0]
    assert post.headers["Content-Type"] == SCORE_TYPE
    sent = platform.services.taken[0]
    moment = sent.pop("timestamp")
    assert datetime.fromisoformat(moment) == platform.tool.now
    assert (moment[19:23], moment[23:]) == (".000", "+00:00")
    assert sent == {
        "userId": "5",
        "scoreGiven": 7.5,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "comment": "Well done",
    }
    looked, made = platform.services.calls("lineitems")
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
    platform: PlatformWithServices, wrong: dict[str, Any]
) -> None:
    await platform.launch()
    with pytest.raises(ValidationError):
        platform.score(**wrong)


async def test_ag_05_times_rise_by_whole_seconds(platform: PlatformWithServices) -> None:
    await platform.launch()
    at = platform.tool.now - timedelta(milliseconds=1500)
    for given in (10.0, 20.0, 30.0):
        await platform.queue(given=given, at=at)
    await platform.queue(subject="6", at=at)
    await platform.step()
    moments = [datetime.fromisoformat(sent["timestamp"]) for sent in platform.services.taken]
    first = at.replace(microsecond=0)
    second = timedelta(seconds=1)
    assert moments == [first, first + second, first + 2 * second, first]
    assert [sent.get("scoreGiven") for sent in platform.services.taken[:3]] == [10.0, 20.0, 30.0]


async def test_ag_05_no_time_is_ahead_of_the_clock(platform: PlatformWithServices) -> None:
    await platform.launch()
    await platform.send(at=datetime(2199, 1, 1, tzinfo=UTC))
    sent = datetime.fromisoformat(platform.services.taken[0]["timestamp"])
    assert sent == platform.tool.now


async def test_ag_05_a_retry_keeps_its_time_and_a_lost_answer_doubles_nothing(
    platform: PlatformWithServices,
) -> None:
    await platform.launch()
    platform.services.lose_answers = True
    id = await platform.queue()
    await platform.step()
    assert (await platform.api.score(id)).state is ScoreState.QUEUED
    platform.tool.pass_time(minutes=1)
    await platform.step()
    status = await platform.api.score(id)
    assert (status.state, status.attempts) == (ScoreState.DELIVERED, 2)
    assert len(platform.services.taken) == 1
    first, again = platform.services.calls("scores")
    assert first.content == again.content
    assert platform.services.calls("results")[0].headers["Accept"] == RESULTS_TYPE
    assert dict(platform.services.calls("results")[0].url.params) == {
        "type_id": "1",
        "user_id": "5",
    }


async def test_ag_05_a_later_score_of_another_supersedes_ours(
    platform: PlatformWithServices,
) -> None:
    await platform.launch()
    await platform.send(subject="5", given=10.0)
    column = next(iter(platform.services.scores))
    later = (platform.tool.now + timedelta(hours=1)).isoformat()
    platform.services.scores[column] = {
        **platform.services.scores[column],
        "timestamp": later,
        "scoreGiven": 90.0,
    }
    platform.tool.pass_time(seconds=10)
    status = await platform.send(given=20.0)
    assert (status.state, status.reason) == (ScoreState.SUPERSEDED, "later_score")
    assert platform.services.grade() == [90.0]


async def test_ag_05_a_refused_time_without_a_grade_is_sent_again_later(
    platform: PlatformWithServices,
) -> None:
    await platform.launch()
    ahead = platform.tool.now.isoformat()
    stored = {"timestamp": ahead, "gradingProgress": "Pending"}
    platform.services.scores["/2/1/lineitem", "5"] = stored
    assert (await platform.send()).state is ScoreState.DELIVERED
    assert platform.services.grade() == [80.0]


async def test_ag_06_pending_is_sent_where_there_is_no_grade(
    platform: PlatformWithServices,
) -> None:
    await platform.launch()
    status = await platform.send(
        given=50.0, activity=ActivityProgress.SUBMITTED, grading=GradingProgress.PENDING_MANUAL
    )
    assert status.state is ScoreState.DELIVERED
    assert platform.services.taken[0]["gradingProgress"] == "PendingManual"
    assert platform.services.grade() == [None]
    platform.tool.pass_time(seconds=5)
    await platform.send(given=60.0)
    assert platform.services.grade() == [60.0]


@pytest.mark.parametrize("known_how", ["ours", "theirs"])
async def test_ag_06_progress_never_erases_a_grade(
    platform: PlatformWithServices, known_how: str
) -> None:
    await platform.launch()
    if known_how == "ours":
        await platform.send()
    else:
        stored = {"timestamp": "2020-01-01T00:00:00+00:00", "gradingProgress": "FullyGraded"}
        given = {"scoreGiven": 80.0, "scoreMaximum": 100}
        platform.services.scores["/2/1/lineitem", "5"] = {**stored, **given}
    platform.tool.pass_time(seconds=5)
    status = await platform.send(**PENDING)
    assert (status.state, status.reason) == (ScoreState.WITHHELD, "grade_exists")
    assert platform.services.grade() == [80.0]


async def test_ag_06_progress_is_withheld_where_grades_cannot_be_read(
    platform: PlatformWithServices,
) -> None:
    await platform.launch(scope=without(Scope.RESULT_READ))
    status = await platform.send(**PENDING)
    assert (status.state, status.reason) == (ScoreState.WITHHELD, "grade_unknown")


async def test_ag_07_a_teacher_is_refused_once_and_for_all(platform: PlatformWithServices) -> None:
    await platform.launch()
    status = await platform.send(subject="3")
    assert (status.state, status.reason) == (ScoreState.REFUSED, "not_gradable")
    platform.tool.pass_time(hours=1)
    await platform.step()
    assert platform.services.count("scores") == 1
    assert (await platform.send(subject="5")).state is ScoreState.DELIVERED


async def test_ag_08_a_null_result_is_no_grade(platform: PlatformWithServices) -> None:
    await platform.launch()
    result = {"userId": "5", "resultScore": None, "resultMaximum": None}
    platform.services.faults["results"] = [httpx.Response(200, json=[result])]
    assert (await platform.send(**PENDING)).state is ScoreState.DELIVERED


async def test_ag_09_an_hour_of_silence_loses_and_doubles_nothing(
    platform: PlatformWithServices,
) -> None:
    await platform.launch()
    platform.services.down = True
    ids = []
    for minute in range(60):
        ids.append(await platform.queue(subject=str(5 + minute % 3), given=float(minute)))
        await platform.step()
        platform.tool.pass_time(minutes=1)
    calls = len(platform.services.requests)
    assert 10 <= calls <= 60, "tried again and again, but not every time"
    assert {(await platform.api.score(id)).state for id in ids} == {ScoreState.QUEUED}
    platform.services.down = False
    platform.tool.pass_time(minutes=5)
    await platform.step()
    assert {(await platform.api.score(id)).state for id in ids} == {ScoreState.DELIVERED}
    assert platform.services.repeated_users() == {"5": 20, "6": 20, "7": 20}
    assert [platform.services.grade(user) for user in "567"] == [[57.0], [58.0], [59.0]]


async def test_ag_09_another_process_goes_on_where_one_died(platform: PlatformWithServices) -> None:
    await platform.launch()
    id = await platform.queue()
    deliveries = platform.tool.app.state.score_worker
    assert await deliveries._lease_line_items()  # and dies
    await platform.step()
    assert (await platform.api.score(id)).attempts == 0
    platform.tool.pass_time(minutes=4)
    await platform.step()
    assert (await platform.api.score(id)).state is ScoreState.DELIVERED


async def test_the_same_call_again_changes_nothing(platform: PlatformWithServices) -> None:
    await platform.launch()
    id, score = uuid4(), platform.score()
    both = await asyncio.gather(*(platform.api.put_score(id, score) for _ in range(5)))
    assert {status.state for status in both} == {ScoreState.QUEUED}
    await platform.step()
    assert (await platform.api.put_score(id, score)).state is ScoreState.DELIVERED
    assert len(platform.services.taken) == 1
    with pytest.raises(Conflict) as refused:
        await platform.api.put_score(id, platform.score(given=1.0))
    assert refused.value.code == "score_id_taken"
    with pytest.raises(NotFound):
        await platform.api.score(uuid4())


async def test_logs_name_scores_and_never_people_or_bearers(platform: PlatformWithServices) -> None:
    await platform.launch()
    with capture_logs() as logs:
        await platform.send(subject="5", comment="about Ana")
    assert "score.delivered" in [line["event"] for line in logs]
    for secret in ("Ana", *platform.services.bearers):
        assert secret not in repr(logs)
    assert not any("subject" in line for line in logs)


async def test_a_disabled_platform_is_left_in_peace_and_its_scores_wait(
    platform: PlatformWithServices,
) -> None:
    await platform.launch()
    id = await platform.queue()
    async with transaction(platform.tool.app.state.sessions) as db:
        registration = platform.context.registration_id
        await act(db, registration, PlatformAct.DISABLE, platform.tool.now, actor=COMMAND)
    await platform.step()
    assert platform.services.requests == []
    await platform.tool.add(platform.visit.platform)
    await platform.step()
    assert (await platform.api.score(id)).state is ScoreState.DELIVERED
