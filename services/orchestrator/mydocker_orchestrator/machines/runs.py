"""One run of Terraform for a pool: makes its state equal the rows of its machines.

A run never decides: it makes what is ordered and ends what is removing. Before it applies a plan
it checks that the plan ends no other machine, whatever changed in the module or its variables.
While it goes on, its log and Terraform's state are stored about once a second, and machines are
marked as made as soon as they are in the state.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.machines import MachineState, PoolScaling, RunOutcome
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.vault import Vault

from ..domain.machines.terraform import EMPTY, StateSummary, machines_to_end, summary_of
from ..metrics import MACHINE_RUNS
from ..models import MachineRow, MachineRunRow
from . import records
from .terraform import Terraform, TerraformFailed, Workspace

log = get_logger()
_MOST_TEXT = 200_000
"""Characters of a plan or a log: its end is stored."""
_MOST_PROBLEM = 2000
_HIDDEN = "(token)"
_WANTED = (MachineState.ORDERED, MachineState.MADE, MachineState.READY)
_RECORDED = (MachineState.ORDERED, MachineState.REMOVING)


class PlanEndsMachines(TerraformFailed):
    """The plan would end machines that must stay."""


@dataclass
class _Run:
    """What a run knows of itself."""

    pool: str
    settings: PoolScaling
    started_at: datetime
    wanted: frozenset[str]
    """Machines that are to exist, or go on existing."""
    leaving: frozenset[str]
    """Machines that stay if they exist, and are not made."""
    tokens: Mapping[str, str]
    removable: frozenset[str]
    """Machines that its plan may end."""
    never_ready: frozenset[str]
    """Machines on which nothing ever ran."""
    state: str | None
    adding: tuple[str, ...]
    removing: tuple[str, ...]
    id: UUID = field(default_factory=uuid4)
    plan: str = ""


class TerraformRuns:
    """Runs for pools; at most one at a time for each."""

    def __init__(
        self,
        sessions: Sessions,
        terraform: Terraform,
        vault: Vault,
        clock: Clock,
        inputs: Mapping[str, str],
    ) -> None:
        self._sessions, self._terraform, self._vault = sessions, terraform, vault
        self._clock, self._inputs = clock, inputs

    async def run(self, pool: str, reasons: tuple[str, ...]) -> None:
        """Run until the end, and record it, whatever it is. Cancelled: interrupted."""
        run = await self._begin(pool, reasons)
        workspace = self._terraform.workspace(pool)
        outcome, problem = RunOutcome.INTERRUPTED, ""
        try:
            await self._do(run, workspace)
            outcome = RunOutcome.SUCCEEDED
        except PlanEndsMachines as error:
            outcome, problem = RunOutcome.REFUSED, str(error)
        except TerraformFailed as error:
            outcome, problem = RunOutcome.FAILED, str(error)
        except (OSError, ValueError) as error:
            outcome, problem = RunOutcome.FAILED, f"{type(error).__name__}: {error}"
        finally:
            # Shielded: what Terraform made must be recorded even when this replica stops.
            await asyncio.shield(self._end(run, workspace, outcome, problem))

    async def _begin(self, pool: str, reasons: tuple[str, ...]) -> _Run:
        async with transaction(self._sessions) as db:
            row = await records.scaling_row(db, pool)
            rows = await records.machines(db, pool)
            assert row is not None  # noqa: S101 - only pools with a row are run
            opened = {
                machine.name: self._vault.open(machine.sealed_token)
                for machine in rows
                if machine.sealed_token
            }
            run = _Run(
                pool=pool,
                settings=records.settings_of(row),
                started_at=self._clock(),
                wanted=frozenset(_named(rows, *_WANTED)),
                leaving=frozenset(_named(rows, MachineState.LEAVING)),
                tokens=opened,
                removable=frozenset(_named(rows, *_RECORDED)),
                never_ready=frozenset(machine.name for machine in rows if machine.ready_at is None),
                state=self._vault.open(row.sealed_state) if row.sealed_state else None,
                adding=_named(rows, MachineState.ORDERED),
                removing=_named(rows, MachineState.REMOVING),
            )
            db.add(
                MachineRunRow(
                    id=run.id,
                    pool=pool,
                    started_at=run.started_at,
                    outcome=RunOutcome.RUNNING.value,
                    adding=list(run.adding),
                    removing=list(run.removing),
                    reasons=list(reasons),
                    problem="",
                    hourly_price=0.0,
                    plan="",
                    log="",
                )
            )
        log.info("machines.run_started", pool=pool, adding=run.adding, removing=run.removing)
        return run

    async def _do(self, run: _Run, workspace: Workspace) -> None:
        async def progress(text: str, state: str | None) -> None:
            await self._store(run, text, state)

        state = workspace.take_up(run.state)
        existing = summary_of(state or "")
        names = sorted(run.wanted | (run.leaving & existing.whole))
        removable = run.removable | (existing.broken & run.never_ready)
        inputs: dict[str, Any] = {
            **run.settings.variables,
            **self._inputs,
            "pool": run.pool,
            "names": names,
        }
        tokens = {name: run.tokens.get(name, "") for name in names}
        workspace.prepare(run.settings.module, inputs, tokens)
        known = await self._known(run.pool)
        await workspace.init(progress)
        run.plan, shown = await workspace.plan(progress)
        forbidden = machines_to_end(shown) & (known - removable)
        if forbidden:
            listed = ", ".join(sorted(forbidden))
            raise PlanEndsMachines(f"the plan would remove or replace {listed}")
        await workspace.apply(progress)

    async def _known(self, pool: str) -> frozenset[str]:
        """Machines that are not removed; others that a state holds may be ended."""
        async with transaction(self._sessions) as db:
            return frozenset(machine.name for machine in await records.machines(db, pool))

    async def _store(self, run: _Run, text: str, state: str | None) -> None:
        """Store the log and the state as they are now, unless the state is just being written."""
        async with transaction(self._sessions) as db:
            await db.execute(update(MachineRunRow).where(_is(run)).values(**_texts(run, text)))
            if state is not None and state != run.state:
                await self._take_state(db, run, state)

    async def _take_state(self, db: AsyncSession, run: _Run, state: str) -> StateSummary | None:
        """Store Terraform's state, and mark machines that are in it as made."""
        try:
            summary = summary_of(state)
        except ValueError:
            return None
        run.state = state
        row = await records.scaling_row(db, run.pool, locked=True)
        if row is not None:
            row.sealed_state = self._vault.seal(state)
        now = self._clock()
        for machine in await records.machines(db, run.pool):
            if machine.name in summary.names and machine.paid_from is None:
                machine.paid_from = run.started_at
            if machine.state == MachineState.ORDERED and machine.name in summary.whole:
                records.enter_state(machine, MachineState.MADE, now)
        return summary

    async def _end(
        self, run: _Run, workspace: Workspace, outcome: RunOutcome, problem: str
    ) -> None:
        now = self._clock()
        state = workspace.state()
        async with transaction(self._sessions) as db:
            if state is not None:
                summary = await self._take_state(db, run, state)
            else:  # without resources Terraform writes none
                summary = EMPTY if outcome is RunOutcome.SUCCEEDED else None
            if summary is not None:
                for machine in await records.machines_of_state(db, run.pool, MachineState.REMOVING):
                    if machine.name not in summary.names:
                        records.enter_state(machine, MachineState.REMOVED, now)
            row = await records.scaling_row(db, run.pool, locked=True)
            if row is not None and outcome is RunOutcome.SUCCEEDED:
                row.failures, row.retry_at = 0, None
            elif outcome is not RunOutcome.INTERRUPTED:
                await records.count_failure(db, run.pool, now)
            price = sum(machine.hourly_price for machine in await records.machines(db, run.pool))
            values: dict[str, Any] = {
                **_texts(run, workspace.log),
                "outcome": outcome.value,
                "problem": _without_tokens(run, problem)[:_MOST_PROBLEM],
                "ended_at": now,
                "hourly_price": price,
            }
            await db.execute(update(MachineRunRow).where(_is(run)).values(**values))
        MACHINE_RUNS.labels(run.pool, outcome.value).inc()
        is_bad = outcome in (RunOutcome.FAILED, RunOutcome.REFUSED)
        report = log.error if is_bad else log.info
        report("machines.run_ended", pool=run.pool, run=run.id, outcome=outcome.value)


def _named(rows: Sequence[MachineRow], *states: MachineState) -> tuple[str, ...]:
    return tuple(machine.name for machine in rows if machine.state in states)


def _is(run: _Run) -> ColumnElement[bool]:
    return MachineRunRow.id == run.id


def _texts(run: _Run, text: str) -> dict[str, str]:
    return {
        "plan": _without_tokens(run, run.plan)[-_MOST_TEXT:],
        "log": _without_tokens(run, text)[-_MOST_TEXT:],
    }


def _without_tokens(run: _Run, text: str) -> str:
    for token in filter(None, run.tokens.values()):
        text = text.replace(token, _HIDDEN)
    return text.replace("\x00", "")  # PostgreSQL stores none
