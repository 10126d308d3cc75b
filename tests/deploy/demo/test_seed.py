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
from deploy.machine.network.ports import Ports


class Teacher(CampusUser):
    """A teacher at a platform whose builder fails at some images."""

    def __init__(self, *failing: str) -> None:
        self._failing = failing
        self.placed: list[str] = []

    def api(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        match method, path.split("/")[2:]:
            case "GET", ["catalogue"]:
                return [self._entry(plan.entry) for plan in seed.PLANS]
            case "GET", ["courses"]:
                return {"items": []}
            case "POST", ["courses"]:
                reference = f"registry/{body['build_id']}@sha256:1"
                return {**body, "id": body["build_id"], "image": {"reference": reference}}
        return {}

    def _entry(self, name: str) -> dict[str, Any]:
        entry = {"name": name, "ports": [], "profile": "strict", "work_path": "/home/student/work"}
        if name in self._failing:
            said = {"failure": "step_failed", "instruction": "RUN make", "message": "no rule\n"}
            build = {"step": 2, "steps": 7, "phase": "failed", **said}
            return {**entry, "state": "failed", "build_id": None, "last_build": build}
        return {**entry, "state": "ready", "build_id": name, "last_build": None}

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
