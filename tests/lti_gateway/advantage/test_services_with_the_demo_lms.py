"""Roster and grades over real HTTP between the gateway and the demo LMS."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.rosters import ContextKey
from mydocker_kit.contracts.gateway.scores import GradingProgress, Score, ScoreState, ScoreStatus
from mydocker_kit.http import ServiceClient
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.domain.services.service_urls import Scope
from mydocker_lti.models import Registration
from tests.conftest import ServiceKeys
from tests.lms.conftest import form_of

from ..demo_stack import COURSE, DemoStack
from ..launch.test_with_the_demo_lms import Walker, there

__all__ = ["there"]
LONGEST_WAIT = 20


@pytest.fixture
async def api(there: DemoStack, service_keys: ServiceKeys) -> AsyncIterator[LtiClient]:
    """The client of the gateway that api has."""
    key = service_keys.private["mydocker-api"].get_secret_value()
    identity = ServiceIdentity.load("mydocker-api", key)
    client = LtiClient(ServiceClient(there.tool, "mydocker-lti-gateway", identity, utc_now))
    yield client
    await client.aclose()


async def opened(there: DemoStack, *, maximum: int | None = 20) -> tuple[ContextKey, str]:
    """A teacher adds a graded activity, a student opens it."""
    async with httpx.AsyncClient(timeout=30) as http:
        form = form_of(await http.get(f"{there.lms}/as/claire-fontaine/activities/new"))
        custom = {"course_id": str(COURSE)}
        item = {"title": "TP", "text": "", "url": f"{there.tool}/lti/launch", "custom": custom}
        wanted = {"maximum": maximum, "resource_id": str(COURSE), "tag": "mydocker"}
        items = [{**item, **wanted} if maximum else item]
        fields = {**form.fields, "items": json.dumps(items), "title": "TP"}
        saved = await http.post(f"{there.lms}/as/claire-fontaine/activities", data=fields)
        activity = saved.headers["Location"].rpartition("/")[2]
        await Walker(http).launch(there, f"/as/amina-benali/launch/{activity}")
    context = there.launches[-1].context
    assert context is not None
    named = context.model_dump(include={"registration_id", "deployment_id", "context_id"})
    return ContextKey(**named), activity


def score_of(context: ContextKey, link: str, **changes: Any) -> Score:
    values = {"resource_id": str(COURSE), "label": "OpenSSL", "subject": "5", "given": 50.0}
    return Score(
        **{"context": context, "resource_link_id": link, "at": utc_now(), **values, **changes}
    )


async def settled(api: LtiClient, *ids: UUID) -> list[ScoreStatus]:
    """Statuses of the scores after the gateway's worker has processed them."""
    async with asyncio.timeout(LONGEST_WAIT):
        while True:
            states = [await api.score(id) for id in ids]
            if all(status.state is not ScoreState.QUEUED for status in states):
                return states


async def send(api: LtiClient, score: Score) -> ScoreStatus:
    id = uuid4()
    await api.put_score(id, score)
    return (await settled(api, id))[0]


async def gradebook(there: DemoStack) -> str:
    async with httpx.AsyncClient(timeout=30) as http:
        return (await http.get(f"{there.lms}/as/claire-fontaine/grades")).text


async def test_tk_02_fifty_at_once_share_one_bearer(there: DemoStack) -> None:
    context, _ = await opened(there)
    async with transaction(there.gateway.state.sessions) as db:
        registration = await db.get_one(Registration, context.registration_id)
    tokens, now = there.gateway.state.platform_tokens, utc_now()
    asking = [tokens.token(registration, Scope.ROSTER, now) for _ in range(50)]
    assert len(set(await asyncio.gather(*asking))) == 1
    others = await asyncio.gather(
        *(tokens.token(registration, scope, now) for scope in (Scope.ROSTER, Scope.SCORE))
    )
    assert len(set(others)) == 2, "no more rights than the call needs"


async def test_nr_01_the_roster_of_the_demo_lms(there: DemoStack, api: LtiClient) -> None:
    context, _ = await opened(there)
    page = await api.members(context)
    assert (page.total, page.stale) == (6, False)
    teachers = await api.members(context, role=ContextRole.TEACHER)
    assert [(member.subject, member.name) for member in teachers.items] == [
        ("3", "Claire Fontaine")
    ]


async def test_ag_03_a_score_reaches_the_gradebook(there: DemoStack, api: LtiClient) -> None:
    context, link = await opened(there)
    status = await send(api, score_of(context, link))
    assert (status.state, status.attempts) == (ScoreState.DELIVERED, 1)
    assert "10 / 20" in await gradebook(there)


async def test_ag_05_quick_scores_all_arrive_in_order(there: DemoStack, api: LtiClient) -> None:
    context, link = await opened(there)
    ids, at = [uuid4() for _ in range(4)], utc_now() - timedelta(minutes=1)
    for given, id in zip((10.0, 20.0, 30.0, 75.0), ids, strict=True):
        await api.put_score(id, score_of(context, link, given=given, at=at))
    assert {status.state for status in await settled(api, *ids)} == {ScoreState.DELIVERED}
    assert "15 / 20" in await gradebook(there)


async def test_ag_06_progress_erases_nothing(there: DemoStack, api: LtiClient) -> None:
    context, link = await opened(there)
    pending = {"given": None, "grading": GradingProgress.PENDING}
    before = await send(api, score_of(context, link, **pending))
    await send(api, score_of(context, link))
    after = await send(api, score_of(context, link, **pending))
    assert (before.state, after.state) == (ScoreState.DELIVERED, ScoreState.WITHHELD)
    assert "10 / 20" in await gradebook(there)


async def test_ag_07_a_teacher_gets_no_score(there: DemoStack, api: LtiClient) -> None:
    context, link = await opened(there)
    status = await send(api, score_of(context, link, subject="3"))
    assert (status.state, status.reason) == (ScoreState.REFUSED, "not_gradable")


async def test_ag_02_one_column_is_made_where_there_is_none(
    there: DemoStack, api: LtiClient
) -> None:
    context, link = await opened(there, maximum=None)
    ids = [uuid4() for _ in range(3)]
    for subject, id in zip(("5", "6", "7"), ids, strict=True):
        await api.put_score(id, score_of(context, link, subject=subject, maximum=50))
    assert {status.state for status in await settled(api, *ids)} == {ScoreState.DELIVERED}
    assert (await gradebook(there)).count("50 / 50") == 3
