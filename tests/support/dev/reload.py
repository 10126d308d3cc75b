"""Restarts a service when its code changed."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from deploy.machine.instance import ROOT

_LOOK_EVERY = 0.5
"""Seconds. A save is seen at once by a person; looking costs a hundredth of a core."""
_SERVICES = ROOT / "services"
_SHARED = _SERVICES / "kit"
NAMES = ("orchestrator", "builder", "api", "lti-gateway", "bastion")


def changed_services(before: Mapping[Path, float], now: Mapping[Path, float]) -> tuple[str, ...]:
    """The services whose files differ; all of them where the kit's do."""
    differing = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
    if any(path.is_relative_to(_SHARED) for path in differing):
        return NAMES
    return tuple(
        name for name in NAMES if any(path.is_relative_to(_SERVICES / name) for path in differing)
    )


def follow(restart: Callable[[tuple[str, ...]], None]) -> Iterator[tuple[str, ...]]:
    """Look for changes for ever; yields what was restarted."""
    before = _times(_SERVICES.rglob("*.py"))
    while True:
        time.sleep(_LOOK_EVERY)
        now = _times(_SERVICES.rglob("*.py"))
        if names := changed_services(before, now):
            restart(names)
            yield names
        before = now


def _times(paths: Iterable[Path]) -> dict[Path, float]:
    times = {}
    for path in paths:
        try:
            times[path] = path.stat().st_mtime
        except FileNotFoundError:
            continue  # an editor replaces files while it saves
    return times
