"""`python -m tests.support.dev [up|stop|clean]`: see the package's docstring."""

import argparse
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from deploy.demo.examples import operators
from deploy.demo.report import Report
from deploy.machine.failures import guarded

from . import reload
from .instance import BASE_PORT, STATE, DevInstance, dev_instance
from .platform import DEBUG_PORT, DevPlatform


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; 1 with one sentence when it cannot be done."""
    asked = _parser().parse_args(arguments)
    instance = dev_instance(Path(asked.state), asked.ports)
    return guarded(f"dev-api ({asked.command})", partial(_run, asked, instance), logs=instance.logs)


def _run(asked: argparse.Namespace, instance: DevInstance) -> int:
    report = Report()
    platform = DevPlatform(instance, report, asked.debug)
    match asked.command:
        case "stop":
            platform.stop()
        case "clean":
            platform.clean()
        case _:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
            try:
                platform.up()
                report.say(_welcome(instance, asked.debug))
                if asked.once:
                    return 0
                for names in reload.follow(platform.restart):
                    report.say(f"  · restarted {', '.join(names)}")
            except KeyboardInterrupt:
                report.say("")
            platform.stop()
    return 0


def _welcome(instance: DevInstance, debugged: str | None) -> str:
    lines = [
        "",
        f"Demo LMS        {instance.lms_origin}   (choose a person, open an activity)",
        f"Page            {instance.app_origin}   (as built; from its sources: make dev)",
        f"Operator        {operators.link(instance)}   (works once)",
        f"REST API        {instance.app_origin}/api/openapi.json",
        f"Logs            {instance.logs}",
        f"PostgreSQL      port {instance.ports.database}, password in {instance.secrets}",
        "",
        "A service starts again when its code changes. Ctrl-C stops everything; data is kept.",
    ]
    if debugged:
        lines.insert(-1, f"Debugger        {debugged} listens on 127.0.0.1:{DEBUG_PORT}")
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.support.dev")
    parser.add_argument("command", nargs="?", default="up", choices=("up", "stop", "clean"))
    parser.add_argument("--state", default=str(STATE))
    parser.add_argument("--ports", type=int, default=BASE_PORT, help="first port")
    parser.add_argument("--debug", choices=reload.NAMES, help="service with a debugger's port")
    parser.add_argument("--once", action="store_true", help="start everything and return")
    return parser


if __name__ == "__main__":
    sys.exit(main())
