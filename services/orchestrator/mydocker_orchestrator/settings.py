"""Settings of the orchestrator."""

from pydantic import Field, SecretStr

from mydocker_kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Frozen at start."""

    listen_port: int = 8103
    vault_keys: SecretStr
    """Fernet keys, comma separated; the first encrypts stored credentials."""
    engine_url: str = "unix:///var/run/docker.sock"
    """A Swarm manager's engine."""
    platform_name: str = Field(default="mydocker", pattern=r"^[a-z][a-z0-9-]{0,30}$")
    """Distinguishes this platform from others on the same Swarm."""
    environment_network: str = "mydocker-open"
    """Network of containers with egress class `open`; the other classes use this name with a suffix
    (`…-filtered`, `…-none`). Containers on one network must not reach each other."""
    node_address: str = "127.0.0.1"
    """Address of host-mode ports on a single node; empty: each node's own address."""
    node_agent_port: int = Field(default=0, ge=0, le=65535)
    """Port of the agents on other machines (8108), which read back settings of containers there; 0:
    there are no other machines."""
    disk_root_mib: int = Field(default=5120, ge=0)
    """MiB that an environment may write outside its work folder before it ends; 0: no limit."""
    disk_work_mib: int = Field(default=10240, ge=0)
    """MiB that a work folder may hold before its environment ends; 0: no limit."""
    disk_free_mib: int = Field(default=2048, ge=0)
    """Free MiB below which the environment that fills a machine ends; 0: never."""
    disk_folder: str = ""
    """A folder on the disk that holds the engine's data, to measure its free space; empty: the
    engine's own data folder, if it is visible."""
    volume_driver: str = Field(default="mydocker", pattern=r"^[a-z][a-z0-9-]{0,30}$")
    """The volume plugin of machines (`deploy.node.volumes`): pools with storage `node_quota`."""
    volume_plugin: str = "/run/docker/plugins/mydocker.sock"
    """Its socket on the machine of `engine_url`, to measure work folders there; none may be."""
    folder_socket: str = "/run/mydocker/folders.sock"
    """Where `deploy.node.folder_files` listens on the machine of `engine_url`, to read and copy
    work folders there; none may."""
    snapshot_minutes: int = Field(default=60, ge=0, le=10_080)
    """Between two snapshots of a work folder in use; 0: none are taken by themselves."""
    snapshot_hours: int = Field(default=24, ge=1, le=744)
    """For so long all snapshots are kept, but submissions, which stay."""
    snapshot_days: int = Field(default=7, ge=0, le=366)
    """For so long the newest snapshot of each day is kept."""
    snapshot_weeks: int = Field(default=4, ge=0, le=104)
    """For so long the newest snapshot of each week is kept."""
    compat_needs_userns: bool = False
    """Run environments of the profile compat only on machines whose engine remaps users
    (userns-remap), approved or not; without any, they wait."""
    orphan_grace: float = Field(default=60.0, ge=0)
    """Seconds before a service of ours that has no row is removed."""
    terraform_command: str = ""
    """Name or path of OpenTofu or Terraform; empty: `tofu`, or `terraform` where there is none."""
    terraform_modules: str = "deploy/terraform"
    """Folder of the modules that pools may use."""
    terraform_folder: str = ""
    """Work folder of Terraform, with its state while it runs; empty: below the temporary folder."""
    machine_join_url: str = ""
    """Where new machines ask to join: `https://HOST/api/machine-joins`."""
    machine_settings: SecretStr = SecretStr("")
    """Settings of new machines, as `python -m deploy.node invite --settings-only` prints them."""
