"""Machines and pools: operators see and change them, others do not."""

from tests.api.campus import Campus
from tests.support.fakes.orchestrator import A_POOL

from mydocker_kit.contracts.orchestrator.pools import NodeAvailability


async def test_operators_alone_see_and_change_machines(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    for method, path in (("GET", "/api/nodes"), ("GET", "/api/pools")):
        assert await teacher.refused(method, path) == (403, "operators_only")
    [node] = (await operator.get("/api/nodes"))["items"]
    assert (node["name"], node["environments"], node["room"]["free_memory_mib"]) == ("one", 2, 4096)
    assert (node["engine_version"], node["api_version"]) == ("20.10.24", "1.41")
    [pool] = await operator.get("/api/pools")
    assert pool["pool"]["max_cpu"] == 8
    answer = await operator.put("/api/pools/default", A_POOL.model_dump(mode="json"))
    assert answer["title"] == "CPU"


async def test_a_machine_is_emptied_and_one_that_is_not_there_is_not_found(campus: Campus) -> None:
    operator = await campus.operator()
    answer = await operator.http.patch("/api/nodes/n1", json={"availability": "drain"})
    assert answer.status_code == 204
    [(id, change)] = campus.orchestrator.node_changes
    assert (id, change.availability) == ("n1", NodeAvailability.DRAIN)
    gone = await operator.http.patch("/api/nodes/n2", json={"availability": "active"})
    assert gone.status_code == 404
    campus.orchestrator.away = True
    assert (await operator.refused("GET", "/api/nodes"))[0] == 503
