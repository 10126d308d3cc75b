"""Platforms that trust us, as operators see them, and what operators may ask of the gateway."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..values import Opaque, Row, Text

Id = Annotated[str, Opaque(min_length=1, max_length=255)]
Address = Annotated[str, Opaque(min_length=1, max_length=2000)]


class PlatformState(StrEnum):
    """Whether people may enter from a platform."""

    PENDING = "pending"
    """It registered itself and waits for an operator."""
    ACTIVE = "active"
    DISABLED = "disabled"


class PlatformSource(StrEnum):
    """How a platform came to be known."""

    MANUAL = "manual"
    INVITATION = "invitation"
    """By dynamic registration, with an operator's invitation."""


class PlatformSort(StrEnum):
    """Order of the platforms, those that wait for approval before the others."""

    NAME = "name"
    NAME_BACKWARDS = "-name"


class JournalSort(StrEnum):
    """Order of a platform's journal."""

    NEWEST = "-number"
    OLDEST = "number"


class PlatformDeployment(Contract):
    """One installation of ours inside a platform."""

    deployment_id: str
    enabled: bool
    created_at: datetime


class PlatformDraft(Contract):
    """What an operator says of a platform."""

    name: Annotated[str, Text(min_length=1, max_length=120, visible=True)]
    issuer: Address
    client_id: Id
    authorization_url: Address
    token_url: Address
    jwks_url: Address
    deployment_ids: Annotated[list[Id], Field(min_length=1, max_length=50)]
    """These and no others; those left out are disabled."""
    origins: Annotated[list[Address], Field(default_factory=list, max_length=20)]
    """Further origins of its pages, which may show us in a frame."""


class PlatformStatus(Contract):
    """A platform as it stands."""

    id: UUID
    etag: str
    """The version of what an operator edits: the draft, with every deployment's switch."""
    name: str
    issuer: str
    client_id: str
    authorization_url: str
    token_url: str
    jwks_url: str
    origins: list[str]
    """Where its pages live: they alone may show us in a frame."""
    state: PlatformState
    source: PlatformSource
    product: str | None
    """What it says of its make, such as `moodle 2024100706`."""
    deployments: list[PlatformDeployment]
    created_at: datetime
    approved_at: datetime | None
    disabled_at: datetime | None
    used_at: datetime | None
    """The newest sign-in of the last day; older ones are forgotten."""
    signed_in: int = Field(alias="visitors")
    """People whose web session goes on."""
    shares_people_with: list[str] = Field(default_factory=list)
    """Platforms with the same issuer and other keys: each can sign in as the others' people."""


class PlatformAct(StrEnum):
    """What an operator may do to a platform."""

    APPROVE = "approve"
    ENABLE = "enable"
    DISABLE = "disable"


class ByOperator(Contract):
    """Who asks: the journal of the platform names them."""

    actor: UUID


class PlatformActOrder(ByOperator):
    """Something to do to a platform."""

    shares_people: bool = False
    """The operator accepts that its keys speak for people whom other platforms brought."""


class PlatformOrder(PlatformActOrder):
    """A platform as it shall be."""

    draft: PlatformDraft
    is_another_platform: bool = False
    """With another issuer: nothing that was made for the platform before is believed of this."""


class DeploymentOrder(ByOperator):
    """A deployment as it shall be; one that is not known yet is added."""

    deployment_id: Id
    enabled: bool = True


class ToolAddresses(Contract):
    """Where platforms find us: what an operator copies into their forms."""

    tool_url: str
    login_url: str
    redirect_url: str
    key_set_url: str
    deep_linking_url: str
    icon_url: str
    domain: str


class SeenKeys(Contract):
    """The keys of a platform as last fetched."""

    kids: list[str]
    fetched_at: datetime | None
    tried_at: datetime | None
    failure: str | None
    """Why the newest try brought nothing; the keys are those of an earlier one."""


class PlatformEvent(Contract):
    """One line of a platform's journal."""

    number: int
    kind: str
    """`added`, `changed`, `approved`, `disabled`, `enabled`, `deployment_added`, …"""
    actor: str
    """A person's id, `command`, or `invitation`."""
    facts: dict[str, str | int | bool | list[str] | None]
    happened_at: datetime


class PlatformChange(Contract):
    """One line of the journals of all platforms, without who did it."""

    number: int
    platform_id: UUID
    kind: str
    """As in `PlatformEvent`."""
    happened_at: datetime


class PlatformNote(ByOperator):
    """Something an operator did elsewhere that belongs into a platform's journal."""

    kind: Literal["people_moved"]
    facts: dict[Id, Annotated[str, Text(max_length=2000)] | Row]
