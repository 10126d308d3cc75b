"""Which node and devices an environment is assigned, and when its claims may be released."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from mydocker_kit.contracts.orchestrator.pools import Egress

from ..observed_state import Device, ObservedNode

LATE_CREATE_GRACE = timedelta(seconds=15)
"""A create request whose sender died may still arrive: longer than the engine's call timeout."""
_FIXED_ENGINE = 25
"""Older engines end tasks that reserve generic resources at any change of their node (moby issue
44378, seen up to 24.0.7)."""

Attempt = tuple[UUID, int]


class Claimed(Protocol):
    """A ledger entry that one attempt holds."""

    @property
    def environment_id(self) -> UUID: ...
    @property
    def attempt(self) -> int: ...
    @property
    def holder(self) -> Attempt: ...
    @property
    def claimed_at(self) -> datetime: ...


ClaimT = TypeVar("ClaimT", bound=Claimed)


@dataclass(frozen=True)
class GpuClaim:
    """A device of a node, held by one attempt of one environment."""

    node_id: str
    device: Device
    environment_id: UUID
    attempt: int
    claimed_at: datetime

    @property
    def holder(self) -> Attempt:
        return (self.environment_id, self.attempt)


@dataclass(frozen=True)
class Placement:
    """A node and its devices for a service, or no constraint: the Swarm chooses the node."""

    node_id: str | None = None
    devices: tuple[Device, ...] = ()
    reserves_devices: bool = False
    """Also as a Swarm reservation, for services that are not ours."""
    egress: Egress = Egress.OPEN
    """Which networks it reaches."""
    numbers: tuple[tuple[int, int], ...] = ()
    """Direct ports: (container port, host port)."""
    quota_volumes: frozenset[str] = frozenset()
    """Names of volumes that the node's volume plugin makes; Docker's own driver makes others."""


UNCONSTRAINED = Placement()


def placement_on(
    node: ObservedNode, devices: tuple[Device, ...], nodes: Iterable[ObservedNode] = ()
) -> Placement:
    """These devices of this node; reserved in the Swarm if all engines handle reservations."""
    is_safe = all(_keeps_reservations(candidate) for candidate in (node, *nodes))
    return Placement(node.id, devices, reserves_devices=is_safe and bool(devices))


def _keeps_reservations(node: ObservedNode) -> bool:
    """Whether this node's engine keeps tasks that reserve generic resources."""
    return node.engine_major is not None and node.engine_major >= _FIXED_ENGINE


def releasable(
    claims: Iterable[ClaimT],
    desired: Mapping[UUID, int],
    holding: AbstractSet[Attempt],
    answered: AbstractSet[Attempt],
    now: datetime,
) -> list[ClaimT]:
    """Claims of attempts that are no longer desired and whose service and container are gone.

    For attempts in `answered` no create request is outstanding: their claims are free at once.
    """
    return [
        claim
        for claim in claims
        if desired.get(claim.environment_id) != claim.attempt
        and claim.holder not in holding
        and (claim.holder in answered or claim.claimed_at + LATE_CREATE_GRACE <= now)
    ]
