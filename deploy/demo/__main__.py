"""`python -m deploy.demo up|stop|clean|status|page|operator`: the platform on this machine."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from deploy.machine.failures import guarded
from deploy.machine.instance import ROOT, Instance, cache_folder
from deploy.machine.network.ports import Ports
from deploy.machine.processes import Supervisor
from deploy.machine.rights import as_root

from . import page, welcome
from .examples import operators
from .examples.seed import ExampleMissing
from .lifecycle import Lifecycle
from .report import Report


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; 0 when it is done, 1 with one sentence when it cannot be."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = _parser().parse_args(given)
    return guarded(
        f"The demo ({asked.command})",
        partial(_run, asked, given),
        logs=Path(asked.state).resolve() / "logs",
        interrupted="Interrupted; what this run had started is stopped again.",
    )


def _run(asked: argparse.Namespace, given: Sequence[str]) -> int:
    report = Report(quiet=asked.quiet)
    if asked.command in ("up", "page"):
        page.build(report)
    if asked.command == "page":
        return 0
    if os.geteuid() != 0:
        return _as_root(given)
    try:
        return _do(asked, _instance(asked), report)
    except ExampleMissing:
        report.say(welcome.text(_instance(asked)))
        raise


def _do(asked: argparse.Namespace, instance: Instance, report: Report) -> int:
    lifecycle = Lifecycle(instance, report, seeds=not asked.empty)
    match asked.command:
        case "up":
            is_new = lifecycle.up()
            report.say("" if is_new else "Already running, nothing to do.")
            report.say(welcome.text(instance))
        case "stop":
            lifecycle.stop()
            report.say("Stopped. Data and work folders are kept: make demo brings them back.")
        case "clean":
            lifecycle.clean()
            report.say(f"Removed. Only the cache is left, for the next time: {instance.cache}")
        case "operator":
            report.say(f"Open this within an hour; it works once:\n  {operators.link(instance)}")
        case _:
            return _show(instance)
    return 0


def _show(instance: Instance) -> int:
    states = Supervisor(instance).states()
    for name, state in states.items():
        print(f"{name:14} {state.lower()}")
    if not states:
        print("not running")
    return 0 if states else 3


def _as_root(arguments: Sequence[str]) -> int:
    """The same again through sudo: engines, bridges and their supervisor need root."""
    command = as_root("deploy.demo", arguments)
    if command is None:
        return 1
    process = subprocess.Popen(command, cwd=ROOT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one at work, and it undoes
    return process.wait()


def _instance(asked: argparse.Namespace) -> Instance:
    return Instance(
        name=asked.name,
        state=Path(asked.state).resolve(),
        ports=Ports(asked.ports),
        own_engine=asked.own_engine,
        cache=cache_folder(),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    commands = ["up", "stop", "clean", "status", "page", "operator"]
    parser.add_argument("command", choices=commands)
    parser.add_argument("--state", default=".demo", help="folder of everything the demo keeps")
    parser.add_argument("--name", default="demo", help="tells two demos on one machine apart")
    parser.add_argument("--ports", type=int, default=8000, help="first port; the others follow it")
    parser.add_argument("--own-engine", action="store_true", help="leave a found engine alone")
    parser.add_argument("--empty", action="store_true", help="without the example courses")
    parser.add_argument("--quiet", action="store_true", help="say only why it cannot be done")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
