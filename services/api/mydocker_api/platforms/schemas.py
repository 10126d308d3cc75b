"""What an operator sends about platforms."""

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.platforms import PlatformEvent, Text


class DeploymentDraft(BaseModel):
    """One deployment of a platform."""

    model_config = ConfigDict(extra="forbid")

    deployment_id: Text
    enabled: bool = True


class JournalLine(PlatformEvent):
    """One line of a platform's journal, with a name where a person acted."""

    actor_name: str | None
