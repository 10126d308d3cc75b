"""docs/integrators.md on the real platform: its commands, with a real build and a real webhook."""

import csv
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support import guide as guide_text
from tests.support.ports import is_listener, reserved
from tests.support.waiting import eventually
from tests.system.campus import Campus, Student

DOCKERFILE = "FROM debian:12\nRUN echo pushed > /pushed\n"
WRAPPER = "#!/bin/sh\nexec sleep 1\n"
_SECONDS = 240.0


class Guide:
    """Somebody who follows the guide on this campus."""

    def __init__(self, folder: Path, given: dict[str, str], commands: dict[str, str]) -> None:
        self.folder, self.variables, self._commands = folder, given, commands

    def run(self, name: str) -> str:
        """Run the commands under this name; none of them may fail."""
        return self.shell(self._commands[name])

    def shell(self, text: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=self.folder,
            env=self.variables,
            text=True,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def in_background(self, name: str) -> Iterator[Path]:
        """The command runs beside us; the file of what it prints."""
        printed = self.folder / "printed"
        with printed.open("w", encoding="utf-8") as output:
            command = ["bash", "-c", f"exec env {self._commands[name].strip()}"]
            process = subprocess.Popen(command, cwd=self.folder, env=self.variables, stdout=output)
            try:
                port = int(self.variables["PORT"])
                eventually(lambda: is_listener(process.pid, port), "the receiver listens")
                yield printed
            finally:
                process.kill()
                process.wait()


@pytest.fixture
def guide(campus: Campus, teacher: Student, tmp_path: Path) -> Iterator[Guide]:
    """A teacher's shell, with an Image of the guide's name; what it makes is deleted afterwards."""
    draft = {"title": "PostgreSQL", "dockerfile": DOCKERFILE, "wrapper": WRAPPER}
    image = teacher.api("POST", "/api/images", draft)
    token = teacher.api(
        "POST", "/api/me/api-tokens", {"name": "Guide", "scopes": list(guide_text.SCOPES)}
    )
    with reserved() as (port,):
        given = guide_text.variables(tmp_path, campus.app, token["token"], image["id"], port)
        yield Guide(tmp_path, given, guide_text.write_down(tmp_path))
    while items := teacher.api("GET", "/api/courses", search="Databases", page_size=50)["items"]:
        for item in items:
            teacher.edit("DELETE", f"/api/courses/{item['id']}")
    for hook in teacher.api("GET", "/api/webhooks"):
        teacher.edit("DELETE", f"/api/webhooks/{hook['id']}")
    teacher.edit("DELETE", f"/api/images/{image['id']}")


def test_what_the_guide_shows_works_on_the_platform(guide: Guide) -> None:
    """One journey: each step stands on the one before, the image first."""
    (guide.folder / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    (guide.folder / "wrapper.sh").write_text(WRAPPER, encoding="utf-8")
    assert "succeeded" in guide.shell(guide_text.PUSH)

    assert "Claire" in guide.run("sign in")
    said = guide.run("apply a file")
    assert said.startswith("+ course 'Databases'\n+ session 'Week 1'\n")
    assert said.count("Nothing to change.") == 2

    assert guide.run("thirty courses").count("+ course") == 30
    assert guide.run("thirty courses") == ""
    guide.run("a CSV of use")
    with (guide.folder / "use.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "group" in row["course"]]
    assert len(rows) == 30
    assert {(row["sessions"], row["planned student hours"]) for row in rows} == {("2", "96.0")}

    lines = guide.run("follow the stream").splitlines()
    assert len([json.loads(line)["kind"] for line in lines]) == 2

    guide.run("create the webhook")
    with guide.in_background("start the receiver") as printed:
        guide.run("send a test")
        eventually(lambda: "webhook.test" in printed.read_text(encoding="utf-8"), "the test")
        change = (
            "mydocker courses status \"$(mydocker -o json courses list | jq -r '.[0].id')\" draft"
        )
        guide.shell(change)
        eventually(lambda: "course.changed" in printed.read_text(encoding="utf-8"), "a change")
