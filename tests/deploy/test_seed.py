"""Seeding the demo's campus: one image that cannot be built costs its own Course, nothing else."""

from pathlib import Path
from typing import Any

import pytest
from deploy.demo.examples import seed
from deploy.demo.examples.campus_user import CampusUser
from deploy.demo.examples.seed import ExampleMissing
from deploy.demo.lifecycle import Lifecycle
from deploy.demo.report import Report
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from deploy.machine.ports import Ports


class Teacher(CampusUser):
    """A teacher at a platform whose builder fails at some images."""

    def __init__(self, *failing: str) -> None:
        self._failing = failing
        self.placed: list[str] = []

    def api(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        match method, path.split("/")[2:]:
            case "GET", ["catalogue"]:
                return [
                    {"name": plan.entry, "title": {"en": f"Image {plan.entry}"}}
                    for plan in seed.PLANS
                ]
            case "GET", ["images" | "courses"]:
                return {"items": []}
            case "POST", ["catalogue", entry, "copy"]:
                return {"id": entry, "last_build": None, "ports": [], "profile": "strict",
                        "work_path": "/home/student/work"}  # fmt: skip
            case ("POST", ["images", entry, "builds"]) | ("GET", ["builds", entry]):
                return self._build(entry)
            case "POST", ["courses"]:
                return {**body, "id": body["build_id"]}
        return {}

    def _build(self, entry: str) -> dict[str, Any]:
        ended = {"id": entry, "step": 2, "steps": 7, "reference": f"registry/{entry}@sha256:1"}
        if entry in self._failing:
            said = {"failure": "step_failed", "instruction": "RUN make", "message": "no rule\n"}
            return {**ended, **said, "phase": "failed"}
        return {**ended, "phase": "succeeded"}

    def course_page(self) -> str:
        return ""

    def publish(self, course_id: str) -> None:
        self.placed.append(course_id)


def test_everything_is_planted() -> None:
    teacher = Teacher()
    made, failed = seed.plant_all(teacher, Report(quiet=True), seed.PLANS)
    assert made == ["registry/openssl@sha256:1", "registry/jupyterlab@sha256:1"]
    assert (failed, teacher.placed) == ([], ["openssl", "jupyterlab"])


def test_an_image_that_cannot_be_built_is_named_and_the_others_are_published() -> None:
    teacher = Teacher("openssl")
    made, failed = seed.plant_all(teacher, Report(quiet=True), seed.PLANS)
    assert made == ["registry/jupyterlab@sha256:1"]
    assert teacher.placed == ["jupyterlab"]
    assert failed == [
        "the example image openssl could not be built (step_failed: RUN make no rule)"
    ]


class Watched(Lifecycle):
    """A way up that ends early; notes whether it is undone."""

    stopped = False

    def stop(self) -> None:
        self.stopped = True


@pytest.mark.parametrize(("error", "undone"), [(ExampleMissing, False), (CannotStart, True)])
def test_a_missing_example_undoes_nothing(
    tmp_path: Path, error: type[CannotStart], undone: bool
) -> None:
    way = Watched(Instance("t", tmp_path, Ports(21000)), Report(quiet=True))
    with pytest.raises(error), way._undone_on_failure():
        raise error("why")
    assert way.stopped is undone
