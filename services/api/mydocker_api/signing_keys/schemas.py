"""What an operator sends about our keys."""

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.signing_keys import KeyPurpose


class Rotation(BaseModel):
    """Which key gets a successor, and how soon."""

    model_config = ConfigDict(extra="forbid")

    purpose: KeyPurpose
    at_once: bool = False
