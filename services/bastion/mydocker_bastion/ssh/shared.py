"""State shared by all SSH connections, with the limits on unauthenticated ones."""

from collections import Counter
from dataclasses import dataclass, field

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clock import Clock

from ..connections import ConnectionRegistry
from ..domain.host_keys import HostKeys
from ..settings import Settings
from .password_attempts import PasswordAttempts


@dataclass
class SharedState:
    """What all SSH connections share."""

    settings: Settings
    api: ApiClient
    connections: ConnectionRegistry
    attempts: PasswordAttempts
    clock: Clock
    host_keys: HostKeys = field(default_factory=HostKeys)
    unauthenticated: int = 0
    """Connections that are not authenticated yet."""
    unauthenticated_by_address: Counter[str] = field(default_factory=Counter)

    def add_unauthenticated(self, address: str) -> bool:
        """Count a new connection; False when there are too many."""
        self.unauthenticated += 1
        self.unauthenticated_by_address[address] += 1
        of_address = self.unauthenticated_by_address[address]
        return (
            self.unauthenticated <= self.settings.ssh_unauthenticated_connections
            and of_address <= self.settings.ssh_unauthenticated_per_address
        )

    def remove_unauthenticated(self, address: str) -> None:
        """Count it no longer: it is authenticated or closed."""
        self.unauthenticated -= 1
        self.unauthenticated_by_address[address] -= 1
        if self.unauthenticated_by_address[address] <= 0:
            del self.unauthenticated_by_address[address]
