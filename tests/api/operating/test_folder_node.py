"""Operators read on which machine a work folder is, and release it when that one is gone."""

from uuid import uuid4

import pytest
from tests.api.campus import Campus
from tests.api.environments.windows import ready

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.volumes import VolumeNode


@pytest.fixture
async def course(campus: Campus) -> str:
    return await campus.course(await campus.teacher(), work_folder={"save": True}, status="ready")


async def test_an_operator_releases_the_folder_and_the_log_says_who(
    campus: Campus, course: str, capsys: pytest.CaptureFixture[str]
) -> None:
    operator, student = await campus.operator(), await campus.student(course)
    id = await ready(campus, student, course)
    [mount] = campus.orchestrator.specs[id].volumes
    path = f"/api/environments/{id}/folder-node"
    assert await operator.refused("GET", path) == (404, "not_found")
    campus.orchestrator.volume_nodes[mount.name] = VolumeNode(
        name=mount.name, node_id="n2", node="two", recorded_at=utc_now()
    )
    assert (await operator.get(path))["node"] == "two"
    campus.orchestrator.mounted = {mount.name}
    assert await operator.refused("DELETE", path) == (409, "volume_in_use")
    assert "folder_released" not in capsys.readouterr().out
    campus.orchestrator.mounted = set()
    for _ in range(2):
        assert (await operator.http.delete(path)).status_code == 204
    assert campus.orchestrator.volume_nodes == {}
    said = capsys.readouterr().out
    assert "environment.folder_released" in said
    assert str(operator.id) in said


async def test_nobody_else_may_and_what_is_not_there_is_not_found(
    campus: Campus, course: str
) -> None:
    operator, student = await campus.operator(), await campus.student(course)
    id = await ready(campus, student, course)
    for person in (student, await campus.teacher()):
        for method in ("GET", "DELETE"):
            path = f"/api/environments/{id}/folder-node"
            assert await person.refused(method, path) == (403, "operators_only")
    for method in ("GET", "DELETE"):
        path = f"/api/environments/{uuid4()}/folder-node"
        assert (await operator.refused(method, path))[0] == 404
    campus.orchestrator.away = True
    assert (await operator.refused("DELETE", f"/api/environments/{id}/folder-node"))[0] == 503
