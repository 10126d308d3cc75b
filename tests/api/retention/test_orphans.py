"""Volumes of nobody: found, listed with size and age, erased by an operator's act alone."""

from datetime import timedelta

from tests.api.campus import Campus
from tests.api.retention.courses import folder, run_retention, worked

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.volumes import StoredVolume

ERASE = "/api/folders/orphans/erase"


async def test_orphans_are_listed_and_erased_by_an_operator(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    lost = campus.orchestrator.files.folder("work-lost")
    (lost / "data").write_bytes(b"x" * 100_000)
    copy = StoredVolume(
        name=folder(campus, course, ada).name,
        node_id="old",
        node="old-server",
        created_at=utc_now() - timedelta(days=40, minutes=1),
        recorded=False,
    )
    campus.orchestrator.other_copies = [copy]
    campus.orchestrator.unknown_nodes = ["away-1"]
    listed = await operator.get("/api/folders/orphans")
    assert listed["unknown_nodes"] == ["away-1"]
    orphans = {(item["volume"], item["kind"]): item for item in listed["items"]}
    assert set(orphans) == {("work-lost", "no_owner"), (copy.name, "other_copy")}
    assert orphans["work-lost", "no_owner"]["bytes"] >= 100_000
    assert orphans[copy.name, "other_copy"]["age_days"] == 40

    await run_retention(campus, timedelta(days=4000))
    assert lost.is_dir(), "time erases no orphan"
    chosen = orphans["work-lost", "no_owner"]
    body = {"volume": "work-lost", "node_id": chosen["node_id"]}
    assert await teacher.refused("POST", ERASE, body) == (403, "operators_only")
    erased = await operator.post(ERASE, body)
    assert (erased["problem"], erased["asked_by"]) == (None, "Olga")
    assert erased["erased_at"] is not None
    assert not lost.exists()
    await operator.post(ERASE, {"volume": copy.name, "node_id": "old"})
    assert folder(campus, course, ada).joinpath("notes.txt").is_file(), "the current copy stays"
    assert (await operator.get("/api/folders/orphans"))["items"] == []


async def test_a_folder_of_somebody_is_no_orphan(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    volume = folder(campus, course, ada).name
    node = campus.orchestrator.nodes[0].id
    for body in ({"volume": volume}, {"volume": volume, "node_id": node}, {"volume": "work-none"}):
        assert await operator.refused("POST", ERASE, body) == (404, "not_found")
    for body in ({"volume": "../etc"}, {"volume": "work-lost", "node_id": "a/b"}, {}):
        assert (await operator.refused("POST", ERASE, body))[0] == 422
    assert campus.orchestrator.erased == []
    for path in ("orphans", "erasures", "ending"):
        assert await teacher.refused("GET", f"/api/folders/{path}") == (403, "operators_only")


async def test_an_orphan_on_a_machine_that_is_away_is_erased_later(campus: Campus) -> None:
    operator = await campus.operator()
    campus.orchestrator.files.folder("work-lost")
    [orphan] = (await operator.get("/api/folders/orphans"))["items"]
    campus.orchestrator.files.away = True
    body = {"volume": orphan["volume"], "node_id": orphan["node_id"]}
    assert (await operator.post(ERASE, body))["problem"] == "work_folder_unavailable"
    assert (await operator.get("/api/folders/orphans"))["items"] == [], "it is asked for already"
    campus.orchestrator.files.away = False
    await run_retention(campus, timedelta(hours=1))
    assert campus.orchestrator.erased == ["work-lost"]
