"""Reads Terraform's state and plan: which machines there are, and which a plan would end.

The contract of a module: the resource that is the machine is called `machine` and has one instance
for each name (`for_each`). Whatever else it makes (ports, disks, security groups) is its own.

States are read in their stored form (version 4, the same in Terraform from 0.12 on and in OpenTofu)
rather than by `terraform show`: a state can then be read while a run goes on.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MACHINE = "machine"
Json = Mapping[str, Any]


@dataclass(frozen=True)
class StateSummary:
    """What a stored state says."""

    lineage: str
    serial: int
    whole: frozenset[str]
    """Names of machines."""
    broken: frozenset[str]
    """Names of machines whose making failed half-way (tainted): the next run makes them anew."""

    @property
    def names(self) -> frozenset[str]:
        """All machines that may exist."""
        return self.whole | self.broken


EMPTY = StateSummary("", 0, frozenset(), frozenset())


def summary_of(state: str) -> StateSummary:
    """Read a stored state; ValueError for one that is cut off, as it is while it is written."""
    if not state.strip():
        return EMPTY
    stored = json.loads(state)
    if not isinstance(stored, dict) or stored.get("version") != 4:
        raise ValueError("this is no state of version 4")
    instances = list(_instances(stored))
    broken = frozenset(name for name, tainted in instances if tainted)
    return StateSummary(
        lineage=str(stored.get("lineage", "")),
        serial=int(stored.get("serial", 0)),
        whole=frozenset(name for name, _ in instances) - broken,
        broken=broken,
    )


def newer_state(stored: str | None, local: str | None) -> str | None:
    """Of the state in the database and the one in the work folder, the one to go on with.

    The local one is newer after a crash: Terraform wrote it and nobody stored it.
    """
    if stored is None or local is None:
        return local if stored is None else stored
    try:
        here, there = summary_of(local), summary_of(stored)
    except ValueError:
        return stored
    is_newer = here.serial > there.serial and here.lineage in (there.lineage, "")
    return local if is_newer or not there.lineage else stored


def machines_to_end(plan: Json) -> frozenset[str]:
    """Names of machines that this plan (`terraform show -json`) deletes or replaces."""
    changes = plan.get("resource_changes") or ()
    return frozenset(
        str(change["index"])
        for change in changes
        if change.get("name") == MACHINE
        and change.get("mode") == "managed"
        and "index" in change
        and "delete" in change["change"]["actions"]
    )


def _instances(stored: Json) -> Iterator[tuple[str, bool]]:
    for resource in stored.get("resources") or ():
        if resource.get("name") == MACHINE and resource.get("mode") == "managed":
            for instance in resource.get("instances") or ():
                if "index_key" in instance:
                    yield str(instance["index_key"]), instance.get("status") == "tainted"
