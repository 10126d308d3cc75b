"""What all visits by SSH share, and how many of them have proven nothing yet."""

from collections import Counter
from dataclasses import dataclass, field

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clock import Clock

from .book import Book
from .domain.guesses import Guesses
from .domain.host_keys import HostKeys
from .settings import Settings


@dataclass
class Door:
    """What all visits share."""

    settings: Settings
    api: ApiClient
    book: Book
    guesses: Guesses
    clock: Clock
    host_keys: HostKeys = field(default_factory=HostKeys)
    unknown: int = 0
    """Connections that have proven nothing yet."""
    unknown_by_address: Counter[str] = field(default_factory=Counter)

    def knock(self, address: str) -> bool:
        """One more that has proven nothing; false when these are too many."""
        self.unknown += 1
        self.unknown_by_address[address] += 1
        return (
            self.unknown <= self.settings.ssh_unknown_connections
            and self.unknown_by_address[address] <= self.settings.ssh_unknown_per_address
        )

    def pass_by(self, address: str) -> None:
        """It came in, or went."""
        self.unknown -= 1
        self.unknown_by_address[address] -= 1
        if self.unknown_by_address[address] <= 0:
            del self.unknown_by_address[address]
