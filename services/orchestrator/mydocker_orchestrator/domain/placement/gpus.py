"""Which GPU belongs to whom, and when it is free again."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from mydocker_kit.contracts.pools import Egress

from ..observed_state import Device, FoundNode

CREATION_PATIENCE = timedelta(seconds=15)
"""A create that was sent before its sender died may arrive later than our look: longer than the
engine's own limit for a call."""
_FIXED_ENGINE = 25
"""On older engines any change of a node ends its tasks that reserve generic resources (moby issue
44378, seen up to 24.0.7)."""

Attempt = tuple[UUID, int]


class Held(Protocol):
    """Something of a ledger that one attempt holds."""

    @property
    def environment_id(self) -> UUID: ...
    @property
    def attempt(self) -> int: ...
    @property
    def holder(self) -> Attempt: ...
    @property
    def claimed_at(self) -> datetime: ...


Kept = TypeVar("Kept", bound=Held)


@dataclass(frozen=True)
class Claim:
    """A device of a node, held by one attempt of one Environment."""

    node_id: str
    device: Device
    environment_id: UUID
    attempt: int
    claimed_at: datetime

    @property
    def holder(self) -> Attempt:
        return (self.environment_id, self.attempt)


@dataclass(frozen=True)
class Place:
    """Where a service is put: a node and its devices, or wherever the Swarm likes."""

    node_id: str | None = None
    devices: tuple[Device, ...] = ()
    reserves_devices: bool = False
    """Also in the Swarm's own books, for whoever else puts services there."""
    egress: Egress = Egress.OPEN
    """How far it reaches out from there."""
    numbers: tuple[tuple[int, int], ...] = ()
    """Ports of the container that have a number of their own on the node: (port, number)."""


ANYWHERE = Place()


def place_on(
    node: FoundNode, devices: tuple[Device, ...], nodes: Iterable[FoundNode] = ()
) -> Place:
    """These devices of this node; `nodes` are all, whose engines decide about reservations."""
    fixed = all(_keeps_reservations(one) for one in (node, *nodes))
    return Place(node.id, devices, reserves_devices=fixed and bool(devices))


def _keeps_reservations(node: FoundNode) -> bool:
    """Whether this node's engine leaves tasks alone that reserve generic resources."""
    return node.engine_major is not None and node.engine_major >= _FIXED_ENGINE


def releasable(
    claims: Iterable[Kept],
    wanted: Mapping[UUID, int],
    holding: AbstractSet[Attempt],
    answered: AbstractSet[Attempt],
    now: datetime,
) -> list[Kept]:
    """Claims whose service and container are gone, and whose attempt nobody wants any more.

    Of the attempts in `answered` no create is on its way: theirs are free at once.
    """
    return [
        claim
        for claim in claims
        if wanted.get(claim.environment_id) != claim.attempt
        and claim.holder not in holding
        and (claim.holder in answered or claim.claimed_at + CREATION_PATIENCE <= now)
    ]
