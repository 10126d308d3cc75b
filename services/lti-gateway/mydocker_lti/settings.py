"""Settings of the lti-gateway, from the environment."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from mydocker_kit.clients.lti import AUDIENCE
from mydocker_kit.outgoing.reach import Reach
from mydocker_kit.settings import ServiceSettings

SERVICE = AUDIENCE
"""The name of this service: its database role and schema, and the audience of its tokens."""


class GatewaySettings(ServiceSettings):
    """Settings of the lti-gateway."""

    listen_port: int = 8101
    api_url: str = "http://127.0.0.1:8102"
    app_origin: str = "http://localhost:8000"
    """Public origin. LTI addresses are built from it, never from a Host header."""
    vault_keys: SecretStr
    """Fernet keys, comma separated; the first one encrypts, all decrypt."""
    launches_per_minute: int = Field(default=3000, ge=1)
    """Login initiations per minute from one address; a whole campus may share one (NAT)."""
    launches_per_person: int = Field(default=30, ge=1)
    """Login initiations per minute for one login hint."""

    requests_per_address: int = Field(default=12_000, ge=60)
    """Requests per minute from one address to tickets, tokens and links."""
    links_per_minute: int = Field(default=10, ge=1)
    """Account links and tab codes per minute of one account."""

    refusals_per_minute: int = Field(default=120, ge=1)
    """Refusals stored per minute: a flood must not fill the table. The log has all of them."""

    sign_in_providers: Path | None = None
    """TOML file of the OpenID Connect and CAS providers (docs/sign-in.md)."""

    @field_validator("sign_in_providers", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    private_platforms: str = ""
    """Hosts and networks, comma separated, that the SSRF guard allows besides public addresses."""

    @field_validator("private_platforms")
    @classmethod
    def _readable(cls, value: str) -> str:
        Reach.parse(value)
        return value

    @property
    def reach(self) -> Reach:
        return Reach.parse(self.private_platforms)

    @field_validator("app_origin")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")
