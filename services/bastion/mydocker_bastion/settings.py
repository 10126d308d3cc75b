"""Settings of the bastion."""

from typing import Any

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from mydocker_kit.settings import ProgramSettings


def _renamed(name: str, old_name: str) -> Any:
    """Accept the environment variable under its old name too, for one release."""
    return AliasChoices(f"MYDOCKER_{name}", f"MYDOCKER_{old_name}")


class Settings(ProgramSettings):
    """Settings of the bastion, each `MYDOCKER_<NAME>`."""

    model_config = SettingsConfigDict(populate_by_name=True)

    listen_port: int = 8107
    """Port of health and metrics; people connect to `ssh_listen_port` and `desktop_listen_port`."""
    api_url: str
    ssh_listen_host: str = "127.0.0.1"
    """Empty: all addresses."""
    ssh_listen_port: int = Field(default=2222, ge=0, le=65535)
    ssh_host_key: SecretStr
    """OpenSSH private key (`ssh-keygen -t ed25519`). Never change it: clients remember it."""
    ssh_connections_per_environment: int = Field(default=20, ge=1, le=1000)
    ssh_channels_per_connection: int = Field(default=100, ge=1, le=10_000)
    """Concurrent shells, commands and tunnels."""
    ssh_unauthenticated_connections: int = Field(
        default=500,
        ge=1,
        le=10_000,
        validation_alias=_renamed("SSH_UNAUTHENTICATED_CONNECTIONS", "SSH_UNKNOWN_CONNECTIONS"),
    )
    """Connections that are not authenticated yet, over all addresses."""
    ssh_unauthenticated_per_address: int = Field(
        default=200,
        ge=1,
        le=10_000,
        validation_alias=_renamed("SSH_UNAUTHENTICATED_PER_ADDRESS", "SSH_UNKNOWN_PER_ADDRESS"),
    )
    """The same, from one address. A campus may share a single address."""
    ssh_password_attempts: int = Field(
        default=10,
        ge=1,
        le=1000,
        validation_alias=_renamed("SSH_PASSWORD_ATTEMPTS", "SSH_GUESSES"),
    )
    """Wrong passwords for one name from one address within five minutes."""
    ssh_password_attempts_per_name: int = Field(
        default=100,
        ge=1,
        le=100_000,
        validation_alias=_renamed("SSH_PASSWORD_ATTEMPTS_PER_NAME", "SSH_GUESSES_PER_NAME"),
    )
    ssh_password_attempts_per_address: int = Field(
        default=500,
        ge=1,
        le=100_000,
        validation_alias=_renamed("SSH_PASSWORD_ATTEMPTS_PER_ADDRESS", "SSH_GUESSES_PER_ADDRESS"),
    )
    """A campus may share a single address."""
    ssh_refusal_seconds: float = Field(default=3, ge=0, le=30)
    """A wrong password is answered after a multiple of this, so that the time does not reveal which
    names exist."""
    ssh_login_seconds: float = Field(default=60, ge=1, le=600)
    """Time limit from the first byte to a completed login."""
    ssh_idle_minutes: float = Field(default=720, gt=0)
    """A connection without traffic for this long is closed."""
    ssh_presence_seconds: float = Field(
        default=1,
        gt=0,
        le=60,
        validation_alias=_renamed("SSH_PRESENCE_SECONDS", "SSH_LOOK_SECONDS"),
    )
    """Interval of the check which environments still run."""
    desktop_listen_host: str = "127.0.0.1"
    desktop_listen_port: int = Field(default=8109, ge=0, le=65535)
    """Port for the WebSockets of desktops, used by the edge alone."""
    desktop_connections_per_environment: int = Field(default=10, ge=1, le=1000)
    stream_listen_host: str = "127.0.0.1"
    stream_listen_port: int = Field(default=8111, ge=0, le=65535)
    """Port for WebSockets and event streams to environments, used by the edge alone."""
    stream_connections_per_environment: int = Field(default=500, ge=1, le=100_000)
