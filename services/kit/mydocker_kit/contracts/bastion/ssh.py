"""What the bastion asks api: where a login name leads, and which environments are still there."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..orchestrator.environments import Address
from ..values import Opaque

LOGIN_PATTERN = r"^[a-z][a-z0-9_]{2,31}$"
FINGERPRINT_PATTERN = r"^SHA256:[A-Za-z0-9+/]{43}$"


class SshState(StrEnum):
    """Whether the way is open."""

    OPEN = "open"
    STARTING = "starting"
    STOPPED = "stopped"


class SshTarget(Contract):
    """Where a login name leads."""

    environment_id: UUID
    attempt: int
    """0 before the first start."""
    state: SshState
    account: str
    """The account inside the container."""
    address: Address | None
    """Of the SSH port, as the control plane reaches it; only while the way is open."""
    keys: tuple[Annotated[str, Field(pattern=FINGERPRINT_PATTERN)], ...]
    """Fingerprints of the public keys the owner has registered."""
    language: str
    """Of what the owner reads: `en` or `fr`."""
    window_url: str
    """The page where the owner starts it."""
    tunnels: tuple[Address, ...] = ()
    """Its VNC and TCP ports, while the way is open, where it has no SSH port: the bastion itself
    leads to them, and api judges the password."""
    has_server: bool = True
    """It has an SSH server of its own."""


class SshPresence(Contract):
    """An environment that runs and whose owner may use it."""

    environment_id: UUID
    attempt: int


class SshPassword(Contract):
    """The environment's own password, for the bastion alone."""

    password: Annotated[str, Field(repr=False)]


class SshGuess(Contract):
    """A password somebody gave for an environment whose own SSH server cannot judge it now."""

    password: Annotated[str, Opaque(max_length=1024), Field(repr=False)]


class SshVerdict(Contract):
    """Whether it is the environment's."""

    is_right: bool


class SshKeyShown(Contract):
    """Which of the owner's keys the bastion has seen proven."""

    fingerprint: Annotated[str, Field(pattern=FINGERPRINT_PATTERN)]


class SshAsked(Contract):
    """Environments with open connections."""

    environment_ids: Annotated[tuple[UUID, ...], Field(max_length=5000)]
