"""Which key the SSH server of each environment showed first; another one later is a stranger."""

from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

MOST_REMEMBERED = 20_000
"""Environments; beyond, the ones not visited for longest are forgotten."""


@dataclass
class HostKeys:
    """Fingerprints by environment and attempt: a new start may bring a new key, nothing else may.

    What runs at an address of ours can change under us: a container ends, another one gets its
    port. A person's password must not be shown to that one.
    """

    _seen: OrderedDict[UUID, tuple[int, str]] = field(default_factory=OrderedDict)

    def known(self, id: UUID, attempt: int) -> str | None:
        """The fingerprint this attempt showed; None when nobody has entered it yet."""
        seen = self._seen.get(id)
        return seen[1] if seen and seen[0] == attempt else None

    def remember(self, id: UUID, attempt: int, fingerprint: str) -> None:
        """Somebody came in, past this key."""
        self._seen[id] = (attempt, fingerprint)
        self._seen.move_to_end(id)
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
