"""docs/integrators.md: every command that it shows is executed, as it is written."""

import asyncio
import csv
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.api.campus import Campus
from tests.api.client.shell import Shell
from tests.api.http.test_api_tokens import made
from tests.support import guide as guide_text
from tests.support.ports import reserved
from tests.support.waiting import until


@dataclass(frozen=True)
class Guide:
    """The guide's files, written down, and its commands."""

    shell: Shell
    commands: dict[str, str]

    async def run(self, name: str) -> str:
        """Run the commands under this name; none of them may fail."""
        ended = await self.shell.run("bash", "-eu", "-c", self.commands[name])
        assert ended.code == 0, f"{name}: {ended.err}{ended.out}"
        return ended.out


@pytest.fixture
def changes() -> dict[str, Any]:
    return {
        "requests_per_minute": 1_000_000,
        "requests_per_address": 1_000_000,
        "private_webhooks": "127.0.0.1/32",
    }


@pytest.fixture
async def guide(campus: Campus, tmp_path: Path) -> AsyncIterator[Guide]:
    """A teacher's shell with the guide's files, a token, and an Image of the guide's name."""
    teacher = await campus.teacher()
    image, _ = await campus.built_image(teacher, title="PostgreSQL")
    token = await made(teacher, *guide_text.SCOPES)
    commands = guide_text.write_down(tmp_path)
    with reserved() as (port,):
        given = guide_text.variables(tmp_path, campus.address, token["token"], image, port)
        yield Guide(Shell(tmp_path, given), commands)


def test_the_guide_has_commands() -> None:
    names = [name for _, name, _ in guide_text.blocks()]
    assert len(names) == len(set(names)) >= 12


async def test_signing_in_and_applying_a_file(campus: Campus, guide: Guide) -> None:
    assert "Grace" in await guide.run("sign in")
    said = await guide.run("apply a file")
    assert said.startswith("+ course 'Databases'\n+ session 'Week 1'\n")
    assert said.count("Nothing to change.") == 2


async def test_thirty_courses(campus: Campus, guide: Guide) -> None:
    teacher = campus.people["grace"]
    began = time.monotonic()
    said = await guide.run("thirty courses")
    took = time.monotonic() - began
    assert said.count("+ course") == 30
    assert (await teacher.get("/api/courses"))["total"] == 30
    assert (await teacher.get("/api/sessions"))["total"] == 60
    assert await guide.run("thirty courses") == ""
    print(f"thirty Courses with two sessions each: {took:.1f} s")
    await guide.run("a CSV of use")
    with (guide.shell.folder / "use.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30
    assert {(row["sessions"], row["planned student hours"]) for row in rows} == {("2", "96.0")}
    changes = [json.loads(line) for line in (await guide.run("follow the stream")).splitlines()]
    assert [change["kind"] for change in changes] == ["course.changed", "session.changed"]


async def test_a_git_hook_builds_an_image(campus: Campus, guide: Guide) -> None:
    folder = guide.shell.folder
    (folder / "Dockerfile").write_text("FROM debian:12\nRUN echo pushed\n")
    (folder / "wrapper.sh").write_text("#!/bin/sh\nexec sleep 1\n")
    ended = await guide.shell.run("bash", "-euo", "pipefail", "-c", guide_text.PUSH)
    assert ended.code == 0, ended.out + ended.err
    assert "succeeded" in ended.out
    assert "remote: #1 [1/1] FROM debian:12" in ended.out
    newest = max(campus.builder.requests.values(), key=lambda request: request.number)
    assert newest.dockerfile == "FROM debian:12\nRUN echo pushed\n"


@asynccontextmanager
async def in_background(guide: Guide, name: str) -> AsyncIterator[list[str]]:
    """What a command prints while it runs beside us."""
    shell, lines = guide.shell, []
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", f"exec env {guide.commands[name].strip()}"),
        cwd=shell.folder,
        env=shell.variables,
        stdout=asyncio.subprocess.PIPE,
    )
    output = process.stdout
    assert output is not None

    async def read() -> None:
        async for line in output:
            lines.append(line.decode())  # noqa: PERF401 - each as it comes

    reading = asyncio.ensure_future(read())
    try:
        yield lines
    finally:
        process.kill()
        await process.wait()
        await reading


async def test_a_webhook_is_received_and_verified(campus: Campus, guide: Guide) -> None:
    await guide.run("create the webhook")
    async with in_background(guide, "start the receiver") as lines:
        await until(_listens(int(guide.shell.variables["PORT"])), "the receiver listens")
        assert (await guide.run("send a test")).strip().endswith(('"waiting"', '"delivered"'))
        await until(lambda: lines, "the test message")
        assert "webhook.test" in lines[0]
        course = await campus.people["grace"].post("/api/courses", {"title": "Seen"})
        await until(lambda: len(lines) > 1, "a change")
        assert "course.changed" in lines[1]
        assert course["id"] in lines[1]


def _listens(port: int) -> Any:
    async def listens() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return listens
