"""The first host key that each environment's SSH server showed; another one is refused."""

from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

MAX_ENTRIES = 20_000
"""Environments; beyond, the least recently used are evicted."""


@dataclass
class HostKeys:
    """Fingerprints by environment and attempt: only a new attempt may bring a new key.

    The server at an address can change: a container ends and another one gets its port. A person's
    password must not be sent to that one.
    """

    _entries: OrderedDict[UUID, tuple[int, str]] = field(default_factory=OrderedDict)

    def known(self, id: UUID, attempt: int) -> str | None:
        """The fingerprint of this attempt; None before the first connection."""
        entry = self._entries.get(id)
        return entry[1] if entry and entry[0] == attempt else None

    def remember(self, id: UUID, attempt: int, fingerprint: str) -> None:
        """Store the key of a successful connection."""
        self._entries[id] = (attempt, fingerprint)
        self._entries.move_to_end(id)
        while len(self._entries) > MAX_ENTRIES:
            self._entries.popitem(last=False)
