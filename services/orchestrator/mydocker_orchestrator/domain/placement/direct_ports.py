"""Direct ports: how many numbers an Environment needs, which it gets, which something else has."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from mydocker_kit.contracts.environments import Address, PortKind, ReasonCode
from mydocker_kit.contracts.pools import NOT_WEB, DirectPorts, Pool

from ..lifecycle.transitions import Environment
from .gpus import Attempt

REST = timedelta(minutes=10)
"""How long a number is left alone that something else on a node had."""
Number = tuple[str, int]
"""Of a pool: the same on all its nodes, so that none is taken wherever the Swarm goes."""


@dataclass(frozen=True)
class PortClaim:
    """A number of a pool, held by one attempt of one Environment for a port of its container."""

    pool: str
    number: int
    port: int
    environment_id: UUID
    attempt: int
    claimed_at: datetime

    @property
    def key(self) -> Number:
        return (self.pool, self.number)

    @property
    def holder(self) -> Attempt:
        return (self.environment_id, self.attempt)


@dataclass(frozen=True)
class Numbers:
    """How many numbers of a pool are free, and how many there are."""

    free: int
    most: int
    kinds: tuple[PortKind, ...] = NOT_WEB

    def asked(self, environment: Environment) -> int:
        """How many this one takes."""
        return len(_of_kinds(environment, self.kinds)) if self.most else 0

    def lacks(self, environment: Environment) -> bool:
        return self.asked(environment) > self.free


UNNUMBERED = Numbers(0, 0)
"""Of a pool without direct ports: nobody takes any."""


def needed(environment: Environment, direct: DirectPorts) -> tuple[int, ...]:
    """Its ports that people reach directly, where its pool has these direct ports."""
    return _of_kinds(environment, direct.kinds)


def _of_kinds(environment: Environment, kinds: tuple[PortKind, ...]) -> tuple[int, ...]:
    return tuple(sorted({one.number for one in environment.ports if one.kind in kinds}))


def left(direct: DirectPorts, held: Iterable[int]) -> Numbers:
    """How many are free once these are held, or rest."""
    numbers = direct.numbers
    taken = len({one for one in held if one in numbers})
    return Numbers(len(numbers) - taken, len(numbers), direct.kinds)


def refused(environment: Environment, mine: Collection[PortClaim]) -> set[int]:
    """Of its numbers those that its last try found taken; the same however often it is asked.

    The engine mostly says which. The scheduler does not: then it is any that this try had.
    """
    reason = environment.reason
    if reason is None or reason.code is not ReasonCode.PORT_TAKEN:
        return set()
    told = reason.parameters.get("number")
    if told is not None:
        return {one.number for one in mine if one.number == told}
    return {one.number for one in mine if one.claimed_at < environment.since}


def choose(
    ports: Collection[int], direct: DirectPorts, unfree: Collection[int], id: UUID
) -> Mapping[int, int] | None:
    """A free number for each of these ports; None when there are too few.

    The search begins where the Environment's id points to. So a person's command mostly stays the
    same from start to start, and a number is not given to somebody else right after it was freed.
    """
    numbers = direct.numbers
    begin = id.int % len(numbers)
    free = (one for one in chain(numbers[begin:], numbers[:begin]) if one not in unfree)
    chosen = dict(zip(sorted(ports), free, strict=False))
    return chosen if len(chosen) == len(ports) else None


def with_tls(addresses: tuple[Address, ...], environment: Environment) -> tuple[Address, ...]:
    """Those of `https` ports say so: the edge speaks TLS to them."""
    encrypted = {port.number for port in environment.ports if port.kind is PortKind.HTTPS}
    if not encrypted:
        return addresses
    return tuple(
        address.model_copy(update={"tls": address.port in encrypted}) for address in addresses
    )


def with_names(
    addresses: tuple[Address, ...], pool: Pool | None, node: str | None
) -> tuple[Address, ...]:
    """Where people reach them, called as the pool calls its machines."""
    if pool is None or pool.direct_host is None or node is None:
        return addresses
    return tuple(
        one.model_copy(update={"direct_host": pool.host_of(node, one.direct_host)})
        if one.direct_host
        else one
        for one in addresses
    )
