"""Terraform makes machines of a pool as its plan says: the real binary, a provider of files."""

import asyncio
import os
import signal
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import update
from tests.orchestrator.machines.labs import Labs
from tests.orchestrator.machines.provider import (
    POOL,
    ready,
    scaling,
)
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_spec
from tests.support.waiting import until

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode, StopRequest
from mydocker_kit.contracts.orchestrator.machines import (
    MachinePlan,
    MachineProblem,
    MachineState,
    RunOutcome,
    ScalingState,
)
from mydocker_kit.errors import ProblemError
from mydocker_kit.postgres.db import transaction
from mydocker_orchestrator.domain.machines import decision
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.machines import records, scaler
from mydocker_orchestrator.models import MachineRow
from mydocker_orchestrator.settings import Settings

Start = AbstractAsyncContextManager[Running]


@pytest.fixture
def pool(run: Run, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Labs:
    monkeypatch.setattr(decision, "SETTLE", timedelta(0))
    monkeypatch.setattr(scaler, "EVERY", 0.2)
    monkeypatch.setattr(records, "retry_after", lambda _: timedelta(seconds=0.2))
    return Labs(run, settings, tmp_path)


async def test_machines_come_for_a_need_and_go_after_it(pool: Labs) -> None:
    async with pool.scaled(2) as running:
        made = await pool.until(running, 2)
        assert set(pool.swarm.admitted.values()) == {POOL}
        assert {machine.name for machine in made.machines} == pool.swarm.made
        assert made.command.startswith(("Terraform", "OpenTofu"))
        done = await pool.run_with(running, RunOutcome.SUCCEEDED)
        assert (len(done.adding), done.reasons, done.hourly_price) == (2, ("made",), 1.0)
        assert "terraform_data.machine" in done.plan
        assert "Apply complete! Resources: 2 added" in done.log
        tokens = [(pool.folder / "machines" / name).read_text().strip() for name in done.adding]
        assert all(len(token) > 40 and token not in done.log + done.plan for token in tokens)
        await pool.need(running, 0)
        gone = await pool.until(running, 0)
        assert gone.spent > 0

        async def are_left() -> bool:
            return sorted(pool.swarm.left) == sorted(done.adding)

        await until(are_left, "their nodes to leave the Swarm")


async def test_what_the_provider_refuses_is_tried_again_and_the_rest_is_there(pool: Labs) -> None:
    (pool.folder / "most").write_text("2")
    async with pool.scaled(3) as running:
        failed = await pool.run_with(running, RunOutcome.FAILED)
        assert "Quota exceeded" in failed.log

        async def two_are_ready() -> ScalingState | None:
            shown = await running.client.scaling(POOL)
            return shown if len(ready(shown)) == 2 else None

        partial = await until(two_are_ready, "two machines to be ready")
        assert [m.state for m in partial.machines].count(MachineState.ORDERED) == 1
        assert partial.failures > 0
        (pool.folder / "most").write_text("3")
        whole = await pool.until(running, 3)

        async def is_calm() -> bool:
            return (await running.client.scaling(POOL)).failures == 0

        await until(is_calm, "failures to be forgotten")
        assert {machine.name for machine in partial.machines} == {m.name for m in whole.machines}


async def test_the_switch_interrupts_a_run_and_nothing_is_lost(pool: Labs) -> None:
    pool.hold()
    async with pool.scaled(2) as running:

        async def is_applying() -> bool:
            for item in (await running.client.machine_runs(POOL, {})).items:
                detail = await running.client.machine_run(POOL, item.id)
                return "Provisioning" in detail.log
            return False

        await until(is_applying, "Terraform to be at work")
        off = scaling(pool.folder, enabled=False)
        await running.client.put_scaling(POOL, off)
        pool.release()  # Terraform ends the call that it is in, then it stops
        await pool.run_with(running, RunOutcome.INTERRUPTED)
        assert (await running.client.scaling(POOL)).machines != ()
        await running.client.put_scaling(POOL, scaling(pool.folder))
        await pool.until(running, 2)


async def test_another_orchestrator_goes_on_with_an_interrupted_run(pool: Labs) -> None:
    pool.hold()
    async with pool.scaled(2) as running:

        async def is_running() -> bool:
            return bool((await running.client.machine_runs(POOL, {})).items)

        await until(is_running, "a run to begin")
        asyncio.get_running_loop().call_later(0.5, pool.release)
    async with pool.started() as running:
        await pool.until(running, 2)


@pytest.mark.parametrize("moment", [0.0, 0.5, 1.0])
async def test_terraform_killed_at_any_moment_leaves_no_machine_behind(
    pool: Labs, moment: float
) -> None:
    async with pool.scaled(3) as running:
        process = await until(lambda: _terraform_in(pool.folder), "Terraform to run")
        await asyncio.sleep(moment)  # the moment is what varies; nothing depends on its length
        for id in _terraform_in(pool.folder) or [process[0]]:
            try:
                os.kill(id, signal.SIGKILL)
            except ProcessLookupError:
                continue
        await pool.until(running, 3)
        await pool.need(running, 0)
        await pool.until(running, 0)


async def test_a_machine_that_never_joins_is_made_anew(pool: Labs) -> None:
    pool.swarm.joins = False
    async with pool.scaled(1) as running:

        async def is_made() -> str | None:
            machines = (await running.client.scaling(POOL)).machines
            return next((m.name for m in machines if m.state == "made"), None)

        lost = await until(is_made, "the machine to be made")
        async with transaction(running.app.state.sessions) as db:
            values = {"since": utc_now() - timedelta(hours=1)}
            await db.execute(update(MachineRow).where(MachineRow.name == lost).values(**values))

        async def is_replaced() -> bool:
            return lost not in pool.swarm.made and len(pool.swarm.made) == 1

        await until(is_replaced, "another machine to be made")
        pool.swarm.joins = True
        await pool.until(running, 1)


async def test_a_machine_whose_checks_fail_takes_nothing(pool: Labs) -> None:
    pool.swarm.failing = "firewall: no rules"
    async with pool.scaled(1) as running:

        async def is_said() -> bool:
            machines = (await running.client.scaling(POOL)).machines
            return [m.problem for m in machines] == [MachineProblem.CHECKS_FAILED]

        await until(is_said, "the failed checks to be shown")
        assert pool.swarm.admitted == {}
        pool.swarm.failing = ""
        await pool.until(running, 1)


async def test_a_machine_in_use_stays_until_its_environment_ends(pool: Labs) -> None:
    async with pool.scaled(2) as running:
        await pool.until(running, 2)
        pool.swarm.starts_as = TaskState.RUNNING
        id = uuid4()
        await running.client.put(id, a_spec(ports=(), pool=POOL))
        status = await running.phase(id, Phase.READY)
        assert status.node in pool.swarm.made
        await pool.need(running, 0)

        async def other_is_gone() -> bool:
            machines = (await running.client.scaling(POOL)).machines
            return pool.swarm.made == {machine.name for machine in machines} == {status.node}

        await until(other_is_gone, "the machine that nobody uses to go")
        [used] = (await running.client.scaling(POOL)).machines
        assert (used.name, used.state, used.environments) == (status.node, "leaving", 1)
        assert (await running.client.get(id)).phase is Phase.READY
        request = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=1)
        await running.client.stop(id, request)
        await pool.until(running, 0)


async def test_a_plan_that_would_replace_machines_is_refused(pool: Labs) -> None:
    async with pool.scaled(1) as running:
        [before] = (await pool.until(running, 1)).machines
        changed = scaling(pool.folder)
        changed = changed.model_copy(update={"variables": {**changed.variables, "size": "big"}})
        await running.client.put_scaling(POOL, changed)
        await pool.need(running, 2)
        refused = await pool.run_with(running, RunOutcome.REFUSED)
        assert before.name in refused.problem
        assert before.name in pool.swarm.made


async def test_a_token_lets_its_machine_join_once(pool: Labs) -> None:
    pool.swarm.joins = False
    async with pool.scaled(1) as running:
        await until(lambda: pool.swarm.made, "the machine to be made")
        [name] = pool.swarm.made
        token = (pool.folder / "machines" / name).read_text().strip()
        invitation = await running.client.join_machine(token)
        assert (invitation.name, invitation.swarm_token) == (name, "SWMTKN-1-worker")
        for again in (token, "x" * 43):
            with pytest.raises(ProblemError) as refused:
                await running.client.join_machine(again)
            assert (refused.value.status, refused.value.code) == (403, "join_token_refused")


async def test_settings_are_refused_that_cannot_work(pool: Labs) -> None:
    async with pool.started() as running:
        wrong = [
            ("nowhere", scaling(pool.folder), "pool_unknown"),
            ("default", scaling(pool.folder), "scaling_needs_growth"),
            ("default", scaling(pool.folder, module="cloud"), "machine_module_unknown"),
        ]
        for name, settings, code in wrong:
            with pytest.raises(ProblemError) as refused:
                await running.client.put_scaling(name, settings)
            assert refused.value.code == code
        with pytest.raises(ProblemError):
            await running.client.put_machine_plan("default", MachinePlan(planned_at=utc_now()))


async def test_a_pool_with_machines_is_not_removed(pool: Labs) -> None:
    pool.swarm.joins = False
    async with pool.scaled(1) as running:
        await until(lambda: pool.swarm.made, "the machine to be made")
        with pytest.raises(ProblemError) as refused:
            await running.client.remove_pool(POOL)
        assert refused.value.code == "pool_has_machines"


def _terraform_in(folder: Path) -> list[int]:
    """Processes of Terraform in this folder."""
    ids = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            is_here = (entry / "cwd").resolve().is_relative_to(folder / "terraform")
            is_terraform = (entry / "comm").read_text().strip() in ("terraform", "tofu")
        except OSError:
            continue
        if is_here and is_terraform:
            ids.append(int(entry.name))
    return ids
