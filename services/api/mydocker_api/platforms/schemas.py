"""What an operator sends about platforms and about our signing keys."""

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.gateway.platforms import Address, Id, PlatformEvent
from mydocker_kit.contracts.gateway.signing_keys import KeyPurpose


class DeploymentDraft(BaseModel):
    """One deployment of a platform."""

    model_config = ConfigDict(extra="forbid")

    deployment_id: Id
    enabled: bool = True


class PeopleMove(BaseModel):
    """The issuer by which this platform's people were known before."""

    model_config = ConfigDict(extra="forbid")

    from_issuer: Address


class DisablingOutlook(BaseModel):
    """What it would mean to disable a platform."""

    signed_in: int = Field(alias="visitors")
    """People whose web session would end."""
    environments: int
    """Running environments that would be stopped: of people with no other way in."""


class PeopleOutlook(BaseModel):
    """What a move would do."""

    people: int
    """Known by the earlier issuer, who would be known by the new one."""
    apart: int
    """Who came by both and worked by both: they stay two people."""


class PeopleMoved(BaseModel):
    """What a move did."""

    moved: int
    apart: int


class JournalEntry(PlatformEvent):
    """An entry of a platform's journal, with a name where a person acted."""

    actor_name: str | None


class Rotation(BaseModel):
    """Which key gets a successor, and how soon."""

    model_config = ConfigDict(extra="forbid")

    purpose: KeyPurpose
    at_once: bool = False
