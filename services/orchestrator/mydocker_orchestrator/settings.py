"""What an operator may set for the orchestrator."""

from pydantic import Field, SecretStr

from mydocker_kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Frozen at start."""

    listen_port: int = 8103
    vault_keys: SecretStr
    """Fernet keys, comma separated; the first seals credentials at rest."""
    engine_url: str = "unix:///var/run/docker.sock"
    """A Swarm manager's engine."""
    platform_name: str = Field(default="mydocker", pattern=r"^[a-z][a-z0-9-]{0,30}$")
    """Told apart by this name, several platforms may share one Swarm."""
    environment_network: str = "mydocker-open"
    """Network of the containers of egress class `open`; those of the others are called after it
    (`…-filtered`, `…-none`). Neighbours on one must not reach each other."""
    node_address: str = "127.0.0.1"
    """Where host-mode ports are reached on a single node; empty: each node's own address."""
    node_agent_port: int = Field(default=0, ge=0, le=65535)
    """Port of the agents on other machines (8108), by which settings of their containers are read
    back; 0: there are no other machines."""
    disk_root_mib: int = Field(default=5120, ge=0)
    """What an environment may write outside its work folder before it is ended; 0: no limit."""
    disk_work_mib: int = Field(default=10240, ge=0)
    """What a work folder may grow to before its environment is ended; 0: no limit."""
    disk_free_mib: int = Field(default=2048, ge=0)
    """Where a machine has less left, whoever fills it is ended; 0: never."""
    disk_folder: str = ""
    """A folder on the disk where the engine keeps its data, to see what is left of it; empty: the
    engine's own, where it is seen."""
    compat_needs_userns: bool = False
    """Put environments of the profile compat only on machines whose engine remaps users
    (userns-remap); elsewhere they wait."""
    orphan_grace: float = Field(default=60.0, ge=0)
    """Seconds a service of ours without a row is left alone before it is removed."""
