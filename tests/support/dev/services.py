"""The orchestrator and the builder on fakes of Docker, as programs of the supervisor."""

import sys
from functools import partial

from deploy.machine.instance import ROOT
from fastapi import FastAPI

import mydocker_orchestrator.__main__ as orchestrator
from mydocker_builder.main import build as build_builder
from mydocker_builder.settings import BuilderSettings
from mydocker_kit.runtime import cli
from mydocker_orchestrator.main import build as build_orchestrator
from mydocker_orchestrator.settings import Settings as OrchestratorSettings
from tests.builder.scripted import Part, ScriptedEngine
from tests.support.dev.swarm import AutomaticSwarm

_SCRIPT: list[Part] = [
    "[1/3] FROM debian:12\n",
    0.5,
    "[2/3] RUN apt-get install -y something\n",
    "Reading package lists...\n",
    1.0,
    "[3/3] CMD something\n",
]
"""Output and seconds of silence of every build."""


def _orchestrator(settings: OrchestratorSettings) -> FastAPI:
    return build_orchestrator(settings, swarm=AutomaticSwarm())


def _builder(settings: BuilderSettings) -> FastAPI:
    return build_builder(settings, engine=ScriptedEngine(script=_SCRIPT))


_MAINS = {
    "orchestrator": partial(
        cli.main, "orchestrator", OrchestratorSettings, _orchestrator, orchestrator.MIGRATIONS
    ),
    "builder": partial(
        cli.main, "builder", BuilderSettings, _builder, ROOT / "services/builder/migrations"
    ),
}


def main() -> None:
    """Serve or migrate the service that the first argument names."""
    _MAINS[sys.argv.pop(1)]()
