"""Submitting, showing and cancelling builds, as api does it."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from tests.builder.conftest import OpenBuilder, a_request, ended, log_of, reaches
from tests.builder.scripted import Part, ScriptedEngine

from mydocker_builder.domain.buildkit import SolveFailed
from mydocker_builder.main import build
from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildFailure, BuildPhase, BuildStatus
from mydocker_kit.docker.errors import EngineError, EngineUnavailable
from mydocker_kit.errors import Conflict, Invalid, NotFound, TooMany

SLOW: list[Part] = ["[1/2] FROM debian:12\n", 60.0]


def is_at_step_one(status: BuildStatus) -> bool:
    return status.step == 1


async def test_a_build_ends_in_the_registry(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id, request = uuid4(), a_request(number=3)
    async with open_builder(settings, ScriptedEngine()) as builder:
        queued = await builder.put(id, request)
        assert (queued.phase, queued.steps) == (BuildPhase.QUEUED, None)
        status = await ended(builder, id)
        assert status.phase == BuildPhase.SUCCEEDED
        assert status.tag == f"127.0.0.1:8105/images/practice:3-{id.hex[:8]}"
        assert status.reference is not None
        assert (status.size_bytes, status.layers) == (1, 1), "as the engine measured them"
        assert status.reference.startswith("127.0.0.1:8105/images/practice@sha256:")
        assert status.started_at is not None
        assert status.ended_at is not None
        assert "Pushed as" in await log_of(builder, id)


async def test_a_repeated_put_makes_one_build(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id, request, engine = uuid4(), a_request(), ScriptedEngine()
    async with open_builder(settings, engine) as builder:
        await builder.put(id, request)
        await builder.put(id, request)
        done = await ended(builder, id)
        assert await builder.put(id, request) == done
        assert (await builder.of_image(request.image_id, {})).total == 1
    assert len(engine.contexts) == 1


async def test_twenty_puts_at_once_make_one_build(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id, request, engine = uuid4(), a_request(), ScriptedEngine()
    async with open_builder(settings, engine) as builder:
        answers = await asyncio.gather(*(builder.put(id, request) for _ in range(20)))
        assert {answer.id for answer in answers} == {id}
        await ended(builder, id)
    assert len(engine.contexts) == 1


async def test_an_id_or_a_number_is_not_used_for_something_else(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id, request = uuid4(), a_request()
    async with open_builder(settings, ScriptedEngine()) as builder:
        await builder.put(id, request)
        with pytest.raises(Conflict) as refused:
            await builder.put(id, a_request())
        assert refused.value.code == "build_exists"
        with pytest.raises(Conflict):
            await builder.put(uuid4(), request)


async def test_a_refused_dockerfile_is_a_failed_build_with_its_line_number(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id, engine = uuid4(), ScriptedEngine()
    async with open_builder(settings, engine) as builder:
        status = await builder.put(id, a_request("FROM debian:12\nADD http://x /y\n"))
        assert status.phase == BuildPhase.FAILED
        assert status.failure == BuildFailure.DOCKERFILE_REFUSED
        assert status.line == 2
        assert "address" in status.message
        assert (await builder.log(id, 0)).ended
    assert engine.contexts == []


async def test_text_that_cannot_be_stored_is_refused(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    request = a_request().model_copy(update={"wrapper": "\0"})  # unchecked, as another sends it
    async with open_builder(settings, ScriptedEngine()) as builder:
        with pytest.raises(Invalid) as refused:
            await builder.put(uuid4(), request)
    assert [field.code for field in refused.value.fields] == ["text_unusable"]


async def test_unknown_builds_are_not_found(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    async with open_builder(settings, ScriptedEngine()) as builder:
        for call in (builder.get(uuid4()), builder.cancel(uuid4()), builder.log(uuid4(), 0)):
            with pytest.raises(NotFound):
                await call


async def test_only_services_may_call(settings: BuilderSettings) -> None:
    transport = httpx.ASGITransport(app=build(settings, engine=ScriptedEngine()))
    async with httpx.AsyncClient(transport=transport, base_url="http://builder") as anyone:
        for path in (f"/builds/{uuid4()}", "/changes", f"/builds/{uuid4()}/log"):
            assert (await anyone.get(path)).status_code == 401


async def test_one_author_cannot_fill_the_queue(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    author = uuid4()
    one_at_once = settings.model_copy(update={"builds_at_once": 1})
    async with open_builder(one_at_once, ScriptedEngine(script=SLOW)) as builder:
        running = uuid4()
        await builder.put(running, a_request(author_id=author))
        await reaches(builder, running, is_at_step_one)
        for _ in range(20):
            await builder.put(uuid4(), a_request(author_id=author))
        with pytest.raises(TooMany) as refused:
            await builder.put(uuid4(), a_request(author_id=author))
        assert refused.value.code == "too_many_builds"
        await builder.put(uuid4(), a_request())


async def test_lists_show_the_newest_first(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    image, other = uuid4(), uuid4()
    async with open_builder(settings, ScriptedEngine()) as builder:
        for number in (1, 2, 3):
            await builder.put(uuid4(), a_request(image_id=image, number=number))
        await builder.put(uuid4(), a_request(image_id=other))
        page = await builder.of_image(image, {"page": 2, "page_size": 2})
        assert ([build.number for build in page.items], page.total) == ([1], 3)
        latest = {
            build.image_id: build.number for build in await builder.latest([image, other, uuid4()])
        }
        assert latest == {image: 3, other: 1}


async def test_a_waiting_build_is_cancelled_at_once(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    one_at_once = settings.model_copy(update={"builds_at_once": 1})
    first, second = uuid4(), uuid4()
    async with open_builder(one_at_once, ScriptedEngine(script=SLOW)) as builder:
        await builder.put(first, a_request())
        await reaches(builder, first, is_at_step_one)
        await builder.put(second, a_request())
        assert (await builder.cancel(second)).phase == BuildPhase.CANCELLED
        assert (await builder.cancel(second)).phase == BuildPhase.CANCELLED


async def test_a_running_build_is_cancelled_within_a_second(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id, engine = uuid4(), ScriptedEngine(script=SLOW)
    async with open_builder(settings, engine) as builder:
        await builder.put(id, a_request())
        await reaches(builder, id, is_at_step_one)
        await builder.cancel(id)
        status = await ended(builder, id, within=100)
        assert status.phase == BuildPhase.CANCELLED
        assert "Cancelled." in await log_of(builder, id)
    assert not any(engine.running.values())


async def test_cancelling_what_has_ended_changes_nothing(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    async with open_builder(settings, ScriptedEngine()) as builder:
        await builder.put(id, a_request())
        done = await ended(builder, id)
        assert await builder.cancel(id) == done


async def test_a_failing_step_is_named_with_its_line_number(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    script: list[Part] = [
        "[1/2] FROM debian:12\n",
        "[2/2] RUN make\n",
        "make: *** No targets.\n",
        SolveFailed('process "/bin/sh -c make" did not complete successfully: exit code: 2', 4),
    ]
    id = uuid4()
    async with open_builder(settings, ScriptedEngine(script=script)) as builder:
        await builder.put(id, a_request("FROM debian:12\n\n# build\nRUN make\n"))
        status = await ended(builder, id)
        assert status.failure == BuildFailure.STEP_FAILED
        assert (status.step, status.steps, status.line) == (2, 2, 4)
        assert status.instruction == "RUN make"
        assert status.message.startswith("make: *** No targets.\n")
        assert "#3 [2/2] RUN make" in await log_of(builder, id)


@pytest.mark.parametrize(
    ("engine", "failure"),
    [
        (ScriptedEngine(script=[EngineUnavailable("no answer")]), BuildFailure.ENGINE_REFUSED),
        (ScriptedEngine(push_fails=EngineError("denied")), BuildFailure.PUSH_FAILED),
        (ScriptedEngine(script=[RuntimeError("bug")]), BuildFailure.ENGINE_REFUSED),
    ],
)
async def test_an_engine_that_fails_is_said(
    settings: BuilderSettings,
    open_builder: OpenBuilder,
    engine: ScriptedEngine,
    failure: BuildFailure,
) -> None:
    id = uuid4()
    async with open_builder(settings, engine) as builder:
        await builder.put(id, a_request())
        status = await ended(builder, id)
        assert (status.phase, status.failure) == (BuildPhase.FAILED, failure)
        assert status.message


async def test_a_build_has_a_time_limit(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    short = settings.model_copy(update={"build_seconds": 1})
    async with open_builder(short, ScriptedEngine(script=SLOW)) as builder:
        await builder.put(id, a_request())
        assert (await ended(builder, id)).failure == BuildFailure.TOO_SLOW


async def test_the_log_is_read_from_any_number(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    script: list[Part] = [f"line {n}\n" for n in range(1, 1201)]
    script[600:600] = [0.3]
    id = uuid4()
    async with open_builder(settings, ScriptedEngine(script=script)) as builder:
        await builder.put(id, a_request())
        total = (await ended(builder, id)).log_lines
        page = await builder.log(id, 595, 10)
        assert [line.number for line in page.lines] == list(range(596, 606))
        assert page.lines[0].text == "#1 0.000 line 595"
        assert not page.ended
        assert (await builder.log(id, total - 1)).ended
        assert (await builder.log(id, total)).lines == ()


async def test_a_flood_of_output_is_cut(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    script: list[Part] = ["y\n" * 1000] * 30
    async with open_builder(settings, ScriptedEngine(script=script)) as builder:
        await builder.put(id, a_request())
        status = await ended(builder, id)
        assert status.phase == BuildPhase.SUCCEEDED
        rest = [line.text for line in (await builder.log(id, 19_999, 2000)).lines]
    assert rest[:2] == [
        "The log is longer than allowed: of the rest, the last 1000 lines follow "
        "when the build ends.",
        "… 9004 lines are left out …",
    ]
    assert len(rest) == 1002
    assert rest[-1].startswith("Pushed as ")


async def test_health_says_whether_the_engine_answers(settings: BuilderSettings) -> None:
    engine = ScriptedEngine()
    transport = httpx.ASGITransport(app=build(settings, engine=engine))
    async with httpx.AsyncClient(transport=transport, base_url="http://builder") as anyone:
        assert (await anyone.get("/health/ready")).status_code == 200
        engine.away = EngineUnavailable("no answer")
        assert (await anyone.get("/health/ready")).status_code == 503
        assert (await anyone.get("/health/live")).status_code == 200
        assert "mydocker_builds_queued" in (await anyone.get("/metrics")).text
