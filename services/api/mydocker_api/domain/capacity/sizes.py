"""Amounts of CPU, memory, GPUs and disk: what an environment reserves, what a machine has."""

from dataclasses import dataclass
from math import ceil

UNKNOWN_DISK = 2**31
"""GiB of a machine that reports no disk size: its disk limits nothing."""


@dataclass(frozen=True, order=True)
class Amounts:
    """Integers, so that sums are exact: thousandths of a core, MiB of memory, GiB of disk."""

    cpu_milli: int
    memory_mib: int
    gpus: int = 0
    disk_gib: int = 0

    @classmethod
    def of(cls, cpu: float, memory_mib: int, gpus: int = 0, disk_gib: int = 0) -> "Amounts":
        """From cores as people write them."""
        return cls(ceil(round(cpu * 1000, 3)), memory_mib, gpus, disk_gib)

    def holds(self, amounts: "Amounts") -> int:
        """How many whole environments of this size fit. An environment of no size: none."""
        limits = [
            has // needs
            for has, needs in (
                (self.cpu_milli, amounts.cpu_milli),
                (self.memory_mib, amounts.memory_mib),
                (self.gpus, amounts.gpus),
                (self.disk_gib, amounts.disk_gib),
            )
            if needs > 0
        ]
        return max(0, min(limits, default=0))

    def without(self, amounts: "Amounts", count: int) -> "Amounts":
        """What is left after `count` environments of this size."""
        return Amounts(
            self.cpu_milli - amounts.cpu_milli * count,
            self.memory_mib - amounts.memory_mib * count,
            self.gpus - amounts.gpus * count,
            self.disk_gib - amounts.disk_gib * count,
        )

    def overcommitted(self, ratio: float) -> "Amounts":
        """A machine that gives out `ratio` times its CPUs; memory, GPUs and disk never."""
        return Amounts(int(self.cpu_milli * ratio), self.memory_mib, self.gpus, self.disk_gib)

    def share_of(self, machine: "Amounts") -> float:
        """The largest part of the machine that one environment of this size takes, from 0 to 1.

        1 where it does not fit at all.
        """
        parts = [
            needs / has if has > 0 else 1.0
            for needs, has in (
                (self.cpu_milli, machine.cpu_milli),
                (self.memory_mib, machine.memory_mib),
                (self.gpus, machine.gpus),
                (self.disk_gib, machine.disk_gib),
            )
            if needs > 0
        ]
        return min(1.0, max(parts, default=0.0))

    def shortages(self, machine: "Amounts") -> tuple[str, ...]:
        """What an empty machine of this size has too little of for one such environment."""
        pairs = {
            "cpu": (self.cpu_milli, machine.cpu_milli),
            "memory": (self.memory_mib, machine.memory_mib),
            "gpu": (self.gpus, machine.gpus),
            "disk": (self.disk_gib, machine.disk_gib),
        }
        return tuple(kind for kind, (needs, has) in pairs.items() if needs > has)
