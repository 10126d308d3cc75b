"""Direct ports: how many an environment needs, which it is given, which are in conflict."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Address, PortKind, ReasonCode
from mydocker_kit.contracts.orchestrator.pools import NOT_WEB, DirectPorts, Pool

from ..lifecycle.transitions import EnvironmentState
from .gpus import Attempt

COOLDOWN = timedelta(minutes=10)
"""How long a port is not given out after something else on a node had it."""
PoolPort = tuple[str, int]
"""Pool and port number: allocated on all nodes of the pool, whichever the Swarm chooses."""


@dataclass(frozen=True)
class PortClaim:
    """A port number of a pool, held by one attempt of an environment for a container port."""

    pool: str
    number: int
    port: int
    environment_id: UUID
    attempt: int
    claimed_at: datetime

    @property
    def key(self) -> PoolPort:
        return (self.pool, self.number)

    @property
    def holder(self) -> Attempt:
        return (self.environment_id, self.attempt)


@dataclass(frozen=True)
class PortAvailability:
    """How many direct ports of a pool are free, of how many."""

    free: int
    total: int
    kinds: tuple[PortKind, ...] = NOT_WEB

    def requested(self, environment: EnvironmentState) -> int:
        """How many this environment takes."""
        return len(_ports_of_kinds(environment, self.kinds)) if self.total else 0

    def lacks(self, environment: EnvironmentState) -> bool:
        return self.requested(environment) > self.free


NO_DIRECT_PORTS = PortAvailability(0, 0)
"""Of a pool without direct ports."""


def direct_ports_of(environment: EnvironmentState, direct: DirectPorts) -> tuple[int, ...]:
    """Its container ports that people reach directly in a pool with these direct ports."""
    return _ports_of_kinds(environment, direct.kinds)


def _ports_of_kinds(environment: EnvironmentState, kinds: tuple[PortKind, ...]) -> tuple[int, ...]:
    return tuple(sorted({port.number for port in environment.ports if port.kind in kinds}))


def availability(direct: DirectPorts, unavailable: Iterable[int]) -> PortAvailability:
    """How many are free when these are allocated or in cooldown."""
    numbers = direct.numbers
    used = len({number for number in unavailable if number in numbers})
    return PortAvailability(len(numbers) - used, len(numbers), direct.kinds)


def conflicting_ports(environment: EnvironmentState, claims: Collection[PortClaim]) -> set[int]:
    """Its port numbers that its last attempt found in use. Idempotent.

    The engine mostly names the number. The scheduler does not: then it is any of this attempt's.
    """
    reason = environment.reason
    if reason is None or reason.code is not ReasonCode.PORT_TAKEN:
        return set()
    named = reason.parameters.get("number")
    if named is not None:
        return {claim.number for claim in claims if claim.number == named}
    return {claim.number for claim in claims if claim.claimed_at < environment.since}


def choose_ports(
    ports: Collection[int], direct: DirectPorts, unavailable: Collection[int], id: UUID
) -> Mapping[int, int] | None:
    """A free number for each of these ports; None when there are too few.

    The search starts at an offset derived from the environment's id. So a person's command mostly
    stays the same from start to start, and a freed number is not given out again at once.
    """
    numbers = direct.numbers
    start = id.int % len(numbers)
    rotated = chain(numbers[start:], numbers[:start])
    free = (number for number in rotated if number not in unavailable)
    chosen = dict(zip(sorted(ports), free, strict=False))
    return chosen if len(chosen) == len(ports) else None


def with_tls(addresses: tuple[Address, ...], environment: EnvironmentState) -> tuple[Address, ...]:
    """Mark addresses of `https` ports: the edge speaks TLS to them."""
    encrypted = {port.number for port in environment.ports if port.kind is PortKind.HTTPS}
    if not encrypted:
        return addresses
    return tuple(
        address.model_copy(update={"tls": address.port in encrypted}) for address in addresses
    )


def with_host_names(
    addresses: tuple[Address, ...], pool: Pool | None, node: str | None
) -> tuple[Address, ...]:
    """Direct addresses by the host names that the pool gives its machines."""
    if pool is None or pool.direct_host is None or node is None:
        return addresses
    return tuple(
        address.model_copy(update={"direct_host": pool.host_of(node, address.direct_host)})
        if address.direct_host
        else address
        for address in addresses
    )
