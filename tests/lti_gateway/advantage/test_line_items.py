"""Accepted scores and their line items: AG rows of docs/lti/conformance.md."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from mydocker_kit.contracts.gateway.scores import ScoreState
from mydocker_kit.errors import Conflict
from mydocker_lti.advantage import ags as gradebooks
from mydocker_lti.domain.services.service_urls import Scope, below, links_of

from .fake_services import PlatformWithServices, platform, without

__all__ = ["platform"]


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
    platform: PlatformWithServices, claim: dict[str, Any]
) -> None:
    await platform.launch(**claim)
    with pytest.raises(Conflict) as refused:
        await platform.queue()
    assert refused.value.code == "grades_not_offered"


async def test_ag_01_the_newest_launch_decides(platform: PlatformWithServices) -> None:
    await platform.launch()
    id = await platform.queue()
    await platform.launch(scope=without(Scope.SCORE))
    await platform.step()
    status = await platform.api.score(id)
    assert (status.state, status.reason) == (ScoreState.REFUSED, "grades_not_offered")
    assert platform.services.requests == []


async def test_ag_01_a_launch_without_any_claim_still_works(platform: PlatformWithServices) -> None:
    await platform.launch(scope=None, roster=None)
    await platform.launch(scope=None, roster=["nonsense"])


async def test_ag_02_the_column_is_found_among_others(platform: PlatformWithServices) -> None:
    await platform.launch(lineitem=None)
    origin = platform.services.origin
    ours = {"resourceLinkId": "1", "resourceId": "course-1", "tag": "mydocker"}
    platform.services.items = [
        {**ours, "id": f"{origin}/2/a/lineitem", "resourceLinkId": "2"},
        {**ours, "id": f"{origin}/2/b/lineitem", "tag": "other"},
        {**ours, "id": f"{origin}/2/c/lineitem?type_id=1"},
    ]
    assert (await platform.send()).state is ScoreState.DELIVERED
    assert list(platform.services.scores) == [("/2/c/lineitem", "5")]
    queries = platform.services.calls("lineitems")
    assert [request.method for request in queries] == ["GET"]
    assert dict(queries[0].url.params) == {
        "type_id": "1",
        "resource_link_id": "1",
        "tag": "mydocker",
        "resource_id": "course-1",
    }
    await platform.send(subject="6")
    assert platform.services.count("lineitems") == 1, "remembered"


async def test_ag_02_two_workers_make_one_column(platform: PlatformWithServices) -> None:
    await platform.launch(lineitem=None)
    for subject in ("5", "6", "7"):
        await platform.queue(subject=subject)
    queries, goes_on = asyncio.Event(), asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/lineitems") and not queries.is_set():
            queries.set()
            await goes_on.wait()
        return platform.services(request)

    def services(request: httpx.Request) -> Any:
        return answer(request)

    platform.visit.platform.services = services
    first = asyncio.create_task(platform.step())
    await queries.wait()
    await platform.step()
    assert platform.services.taken == [], "the second worker found the lane taken"
    goes_on.set()
    await first
    assert len(platform.services.items) == 1
    made = platform.services.items[0]
    assert (made["label"], made["scoreMaximum"]) == ("OpenSSL practice", 100)
    assert made["resourceLinkId"] == "1"
    assert len(platform.services.taken) == 3


async def test_ag_02_without_the_right_to_make_one_it_is_said(
    platform: PlatformWithServices,
) -> None:
    await platform.launch(lineitem=None, scope=without(Scope.LINE_ITEM))
    status = await platform.send()
    assert (status.state, status.reason) == (ScoreState.REFUSED, "no_line_item")
    assert platform.services.items == []


async def test_ag_03_scores_is_put_before_the_query(platform: PlatformWithServices) -> None:
    await platform.launch()
    await platform.send()
    url = platform.services.calls("scores")[0].url
    assert (url.path, url.query) == ("/2/1/lineitem/scores", b"type_id=1")
    assert below("https://a.example/x/?y=1#z", "scores") == "https://a.example/x/scores?y=1"


async def test_ag_08_moodles_broken_page_links_are_read(platform: PlatformWithServices) -> None:
    link = "<https://a.example/x?limit=2&amp;from=2>; rel=”next”, <https://a.example/y>; rel=last"
    assert links_of(link) == {
        "next": "https://a.example/x?limit=2&from=2",
        "last": "https://a.example/y",
    }
    await platform.launch(lineitem=None)
    platform.services.item_link = f"<{platform.services.origin}/2/lineitems?type_id=1>; rel=“next”"
    status = await platform.send()
    assert (status.state, status.reason) == (ScoreState.QUEUED, "pages without end")
    assert platform.services.count("lineitems") == 2


async def test_ag_10_a_deleted_column_is_made_again_once(platform: PlatformWithServices) -> None:
    await platform.launch()
    platform.services.faults["scores"] = [httpx.Response(404)]
    assert (await platform.send()).state is ScoreState.DELIVERED
    assert len(platform.services.items) == 1
    platform.services.faults["scores"] = [httpx.Response(404)]
    with capture_logs() as logs:
        status = await platform.send(subject="6")
    assert (status.state, status.reason) == (ScoreState.REFUSED, "line_item_gone")
    assert len(platform.services.items) == 1
    assert [line["log_level"] for line in logs if line["event"] == "score.refused"]
    assert not [request for request in platform.services.requests if request.method == "DELETE"]


async def test_ag_10_without_the_right_the_reason_is_said(platform: PlatformWithServices) -> None:
    await platform.launch(scope=without(Scope.LINE_ITEM))
    platform.services.faults["scores"] = [httpx.Response(404)]
    status = await platform.send()
    assert (status.state, status.reason) == (ScoreState.REFUSED, "line_item_gone")


async def test_ag_11_two_links_of_one_course_have_a_column_each(
    platform: PlatformWithServices,
) -> None:
    for link in ("1", "2"):
        await platform.launch(link=link, lineitem=None)
        await platform.send(resource_link_id=link)
    assert [item["resourceLinkId"] for item in platform.services.items] == ["1", "2"]
    assert len({column for column, _ in platform.services.scores}) == 2


async def test_no_column_of_a_platform_is_ever_deleted(platform: PlatformWithServices) -> None:
    """Moodle lets a tool delete an activity's own line item with its grades."""
    await platform.launch(lineitem=None)
    await platform.send()
    platform.services.faults["scores"] = [httpx.Response(404)]
    await platform.send(given=90.0)
    assert {request.method for request in platform.services.requests} <= {"GET", "POST"}
    package = Path(gradebooks.__file__).parent
    assert not any('"DELETE"' in path.read_text("utf-8") for path in package.rglob("*.py"))
