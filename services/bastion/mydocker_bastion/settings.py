"""Everything an operator can set for the bastion."""

from pydantic import Field, SecretStr

from mydocker_kit.settings import ProgramSettings


class Settings(ProgramSettings):
    """Settings of the bastion, each `MYDOCKER_<NAME>`."""

    listen_port: int = 8107
    """Health and metrics; people come in at `ssh_listen_port` and `desktop_listen_port`."""
    api_url: str
    ssh_listen_host: str = "127.0.0.1"
    """Empty: all addresses."""
    ssh_listen_port: int = Field(default=2222, ge=0, le=65535)
    ssh_host_key: SecretStr
    """OpenSSH private key (`ssh-keygen -t ed25519`). Kept for ever: clients remember it."""
    ssh_connections_per_environment: int = Field(default=20, ge=1, le=1000)
    ssh_channels_per_connection: int = Field(default=100, ge=1, le=10_000)
    """Shells, commands and tunnels at once."""
    ssh_unknown_connections: int = Field(default=500, ge=1, le=10_000)
    """Connections that have not proven anything yet, over all addresses."""
    ssh_unknown_per_address: int = Field(default=200, ge=1, le=10_000)
    """The same, from one address. A campus may sit behind a single one."""
    ssh_guesses: int = Field(default=10, ge=1, le=1000)
    """Wrong passwords for one name from one address within five minutes."""
    ssh_guesses_per_name: int = Field(default=100, ge=1, le=100_000)
    ssh_guesses_per_address: int = Field(default=500, ge=1, le=100_000)
    """A campus may sit behind a single address."""
    ssh_refusal_seconds: float = Field(default=3, ge=0, le=30)
    """A wrong password is answered after a multiple of this, so that the time shows nobody which
    names exist."""
    ssh_login_seconds: float = Field(default=60, ge=1, le=600)
    """From the first byte until somebody is in."""
    ssh_idle_minutes: float = Field(default=720, gt=0)
    """A connection through which nothing passed for so long is closed."""
    ssh_look_seconds: float = Field(default=1, gt=0, le=60)
    """How often it is asked which environments are still there."""
    desktop_listen_host: str = "127.0.0.1"
    desktop_listen_port: int = Field(default=8109, ge=0, le=65535)
    """Where the edge brings the sockets of desktops. For the edge alone."""
    desktop_connections_per_environment: int = Field(default=10, ge=1, le=1000)
