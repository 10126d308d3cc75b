"""What an operator sends about platforms."""

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.platforms import Text


class DeploymentDraft(BaseModel):
    """One deployment of a platform."""

    model_config = ConfigDict(extra="forbid")

    deployment_id: Text
    enabled: bool = True
