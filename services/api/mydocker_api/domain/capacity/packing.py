"""Puts whole environments on machines: first fit decreasing, over groups of equal machines.

The largest environments go first, each onto the used machine with least left that still holds one,
then onto an empty one. Equal machines are a group, and equal environments are placed at once, so
that a thousand machines cost as little as a few. The answer is a packing that exists: it never says
that more fits than does. For environments of one size it is exact; with mixed sizes it may leave a
few out that a perfect packing would place. Docker Swarm itself spreads environments over machines;
with mixed sizes that may leave less whole room than packing does.
"""

from bisect import insort
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .sizes import Amounts

Loads = Mapping[Amounts, int]
"""How many environments of each size."""


@dataclass(frozen=True)
class Packing:
    """Where a set of environments goes."""

    placed: Loads
    """Of each size, how many found room."""
    used: int
    """Existing machines that hold at least one."""
    made: int
    """Machines of the flavour that it takes besides."""

    def short(self, loads: Loads) -> int:
        """How many of these environments found no room."""
        return sum(count - self.placed.get(amounts, 0) for amounts, count in loads.items())


class Packer:
    """Machines that fill up. One instance is one packing; later loads never move earlier ones."""

    def __init__(
        self, machines: Mapping[Amounts, int], flavour: Amounts | None = None, most_made: int = 0
    ) -> None:
        self._flavour, self._most_made = flavour, most_made
        self._open: list[tuple[Amounts, int]] = []
        """Free amounts of used machines and their number, the fullest first."""
        self._empty = sorted(Counter(machines).items(), reverse=True)
        self._placed: Counter[Amounts] = Counter()
        self.used = self.made = 0

    def add(self, amounts: Amounts, count: int) -> int:
        """Place up to `count` environments of this size; returns how many found room."""
        left = self._onto_open(amounts, count)
        left = self._onto_empty(amounts, left)
        left = self._onto_made(amounts, left)
        self._placed[amounts] += count - left
        return count - left

    def result(self) -> Packing:
        return Packing(dict(self._placed), self.used, self.made)

    def _onto_open(self, amounts: Amounts, left: int) -> int:
        before, self._open = self._open, []
        for free, number in before:
            left = self._fill(free, number, amounts, left)
        self._open.sort()
        return left

    def _onto_empty(self, amounts: Amounts, left: int) -> int:
        groups, self._empty = self._empty, []
        for size, number in groups:
            per_machine = size.holds(amounts)
            taken = min(number, -(-left // per_machine)) if per_machine else 0
            if taken:
                left = self._fill(size, taken, amounts, left)
                self.used += taken
            if number > taken:
                self._empty.append((size, number - taken))
        return left

    def _onto_made(self, amounts: Amounts, left: int) -> int:
        per_machine = self._flavour.holds(amounts) if self._flavour else 0
        if not left or not per_machine or self._flavour is None:
            return left
        taken = min(self._most_made - self.made, -(-left // per_machine))
        if taken > 0:
            left = self._fill(self._flavour, taken, amounts, left)
            self.made += taken
        return left

    def _fill(self, free: Amounts, number: int, amounts: Amounts, left: int) -> int:
        """Fill a group of equal machines; at most one of them is filled in part."""
        per_machine = free.holds(amounts)
        if not per_machine or not left:
            insort(self._open, (free, number))
            return left
        full = min(number, left // per_machine)
        if full:
            insort(self._open, (free.without(amounts, per_machine), full))
        rest = min(left - full * per_machine, per_machine) if full < number else 0
        if rest:
            insort(self._open, (free.without(amounts, rest), 1))
        untouched = number - full - bool(rest)
        if untouched:
            insort(self._open, (free, untouched))
        return left - full * per_machine - rest


def pack(
    loads: Loads,
    machines: Mapping[Amounts, int],
    flavour: Amounts | None = None,
    most_made: int = 0,
) -> Packing:
    """Pack all of these, the largest first, onto machines and at most `most_made` more."""
    packer = Packer(machines, flavour, most_made)
    largest = max([*machines, *([flavour] if flavour else [])], default=Amounts(1, 1))
    for amounts in sorted(loads, key=lambda amounts: (-amounts.share_of(largest), amounts)):
        packer.add(amounts, loads[amounts])
    return packer.result()
