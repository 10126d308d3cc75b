"""What the gateway is told at start."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from mydocker_kit.clients.lti import AUDIENCE
from mydocker_kit.settings import ServiceSettings

from .domain.reach import Reach

SERVICE = AUDIENCE
"""The name of this service: its database role and schema, and the audience of its tokens."""


class GatewaySettings(ServiceSettings):
    """Settings of the lti-gateway."""

    listen_port: int = 8101
    api_url: str = "http://127.0.0.1:8102"
    app_origin: str = "http://localhost:8000"
    """Where browsers meet us; our LTI addresses are below it and never follow a Host header."""
    vault_keys: SecretStr
    """Fernet keys, comma separated; the first one seals our signing keys."""
    launches_per_minute: int = Field(default=3000, ge=1)
    """Login initiations served to one address: a campus may sit behind a single one."""
    launches_per_person: int = Field(default=30, ge=1)
    """Login initiations per minute for one login hint."""

    requests_per_address: int = Field(default=12_000, ge=60)
    """Requests of pages (tickets, tokens, links) from one address."""
    links_per_minute: int = Field(default=10, ge=1)
    """Links to other identities and tabs of one account."""

    refusals_per_minute: int = Field(default=120, ge=1)
    """Refusals kept for operators; the log has all of them, a table must not grow by floods."""

    sign_in_providers: Path | None = None
    """TOML file of the OpenID Connect and CAS providers people may sign in with; see docs."""

    @field_validator("sign_in_providers", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    private_platforms: str = ""
    """Hosts and networks off the open internet where platforms may be, comma separated."""

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
