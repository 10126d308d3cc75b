"""How often one may guess wrong, by name, by address, and by both together."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SPAN = timedelta(minutes=5)
MOST_REMEMBERED = 20_000
"""Names and addresses; beyond, the ones silent for longest are forgotten."""


@dataclass
class Guesses:
    """Wrong passwords of the last minutes.

    A campus may sit behind a single address, so an address alone is stopped late; and a stranger
    who guesses must not lock a person out, so a name alone is stopped late too.
    """

    per_pair: int
    per_name: int
    per_address: int
    _seen: OrderedDict[tuple[str, str], deque[datetime]] = field(default_factory=OrderedDict)

    def may_try(self, name: str, address: str, now: datetime) -> bool:
        return all(self._count(key, now) < limit for key, limit in self._limits(name, address))

    def note_wrong(self, name: str, address: str, now: datetime) -> None:
        for key, limit in self._limits(name, address):
            self._seen.setdefault(key, deque(maxlen=limit)).append(now)
            self._seen.move_to_end(key)
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)

    def _limits(self, name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
        return (
            ((name, address), self.per_pair),
            ((name, ""), self.per_name),
            (("", address), self.per_address),
        )

    def _count(self, key: tuple[str, str], now: datetime) -> int:
        times = self._seen.get(key)
        while times and times[0] <= now - SPAN:
            times.popleft()
        return len(times) if times else 0
