"""Everything an operator can set for this service."""

from functools import cached_property
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from mydocker_kit.outgoing.reach import Reach
from mydocker_kit.settings import ServiceSettings

from .domain.courses.retention import RetentionPolicy
from .domain.people.ssh_keys import public_key_fingerprint
from .unpacking.limits import Limits

_ACCESS_POOL = 4
_Origin = Annotated[str, Field(pattern=r"^https?://[a-z0-9.-]+(:\d+)?$")]


class Settings(ServiceSettings):
    """Settings of api, each `MYDOCKER_<NAME>`."""

    listen_port: int = 8102
    processes: int = Field(default=2, ge=1, le=64)
    """How many processes serve the api at its one port; they share `database_pool`."""
    access_port: int = Field(default=8110, ge=1, le=65535)
    """Port of the process that authorizes requests of the edge."""
    orchestrator_url: str
    builder_url: str
    lti_url: str
    app_origin: _Origin
    """Origin of the application, as browsers see it."""
    user_content_origin: _Origin
    """Host labels of environments are prefixed to its host; never the application's domain."""
    vault_keys: SecretStr
    """Fernet keys, comma separated, newest first: credentials at rest."""
    cookie_key: SecretStr = Field(min_length=32)
    """Signs tickets and cookies of environments, and makes their labels."""
    ssh_host: str = "localhost"
    """The host SSH cards show: where the bastion is reached."""
    ssh_port: int = Field(default=2222, ge=1, le=65535)
    """The bastion's port, as people reach it."""
    ssh_host_public_key: str = ""
    """The bastion's public key, one line: SSH cards show its fingerprint."""
    ready_seconds: int = Field(default=120, ge=5, le=3600)
    """How long a launched environment may take until its required ports answer."""
    environments_per_person: int = Field(default=5, ge=0)
    """How many environments one person may have alive at once; 0: no limit."""
    environments_per_course: int = Field(default=0, ge=0)
    """The same of one course, unless the course says its own; 0: no limit."""
    requests_per_minute: int = Field(default=1200, ge=60)
    """Requests of one person; three seconds' worth may come at once, further ones are paced."""
    requests_per_address: int = Field(default=12_000, ge=60)
    """Requests from one address whose sender is not known yet: a campus may sit behind one."""
    streams_per_person: int = Field(default=20, ge=1)
    """Event streams one person may have open at once."""
    starts_per_minute: int = Field(default=20, ge=1)
    """Starts, restarts and new passwords of one person that really begin something."""
    password_renewals_per_minute: int = Field(default=5, ge=1)
    ssh_key_changes_per_minute: int = Field(default=30, ge=1)
    """SSH keys that one person adds."""
    builds_per_minute: int = Field(default=20, ge=1)
    """Builds that one person asks for."""
    joins_per_minute: int = Field(default=10, ge=1)
    """Codes of join links that one person tries."""
    courses_per_person: int = Field(default=200, ge=1)
    """How many Courses one person may own."""
    sessions_per_course: int = Field(default=500, ge=1)
    images_per_person: int = Field(default=200, ge=1)
    ssh_keys_per_person: int = Field(default=20, ge=1)
    api_tokens_per_person: int = Field(default=100, ge=1)
    """Expired and revoked ones count for a month."""
    service_accounts: int = Field(default=200, ge=1)
    """How many service accounts there may be; disabled ones count."""
    api_token_max_days: int = Field(default=366, ge=1, le=3660)
    """How long an API token may live."""
    webhooks_per_person: int = Field(default=10, ge=0)
    """How many webhooks one person may have; 0: none."""
    private_webhooks: str = ""
    """Hosts, addresses or networks off the open internet that webhooks may call."""
    context_packed_mib: int = Field(default=100, ge=1, le=2048)
    """Size of an uploaded archive or file."""
    context_unpacked_mib: int = Field(default=1024, ge=1, le=16384)
    """Size of all files of an Image."""
    context_entries: int = Field(default=5000, ge=1, le=20_000)
    """How many files, folders and links an Image may have."""
    context_ratio: int = Field(default=100, ge=2, le=1000)
    """How many times larger an archive may become when it is unpacked."""
    context_seconds: float = Field(default=60, ge=5, le=600)
    """How long unpacking may take."""
    context_builds_days: int = Field(default=30, ge=1, le=3660)
    """How long the files of a Build are kept after its Image has others."""
    uploads_per_person: int = Field(default=10, ge=1, le=1000)
    """Unfinished or unused uploads of one person who prepares images."""
    folder_upload_mib: int = Field(default=100, ge=1, le=2048)
    """Size of a file that a student puts into a work folder."""
    folder_uploads_per_person: int = Field(default=3, ge=1, le=100)
    """Unfinished or unused uploads of a student."""
    catalogue: Path = Path("deploy/catalogue")
    catalogue_builds: str = "*"
    """Entries of the catalogue that the platform builds ahead, comma separated; `*`: all."""
    catalogue_rebuild_days: int = Field(default=30, ge=0, le=3660)
    """After how many days a catalogue image is built again, for security updates; 0: never."""
    idle_cpu: float = Field(default=0.05, gt=0, le=64)
    """Cores from which on an environment counts as used: a long computation is not idle."""
    idle_warning_minutes: int = Field(default=5, ge=1, le=1440)
    """Minutes between the warning and the stop of an environment that nobody uses."""
    start_seconds: float = Field(default=10, gt=0, le=3600)
    """Of a start alone, for dry runs of Courses that nobody started since api runs."""
    start_cpu_seconds: float = Field(default=0.8, ge=0, le=600)
    """Processor time by which a start delays the next one on its machine, for dry runs."""
    trial_minutes: int = Field(default=30, ge=1, le=1440)
    """How long the trial of a Build runs, from when it is ready."""
    warn_minutes: str = "5,1"
    """Minutes before an end at which the page warns."""

    retention_days: int = Field(default=90, ge=0, le=3660)
    """Days from the end of a Course to the erasure of its work folders; 0: never."""
    retention_notice_days: int = Field(default=30, ge=1, le=366)
    """Days before an erasure from which on students and teachers read of it."""
    retention_last_notice_days: int = Field(default=7, ge=1, le=366)
    """The same for the second, urgent notice."""
    course_deletion_days: int = Field(default=14, ge=0, le=366)
    """Days for which the deletion of a Course with work folders can be undone."""

    @field_validator("ssh_host_public_key")
    @classmethod
    def _key(cls, value: str) -> str:
        if value and public_key_fingerprint(value) is None:
            raise ValueError("must be one line such as: ssh-ed25519 AAAA…")
        return value

    @field_validator("private_webhooks")
    @classmethod
    def _reach(cls, value: str) -> str:
        Reach.parse(value)
        return value

    @field_validator("warn_minutes")
    @classmethod
    def _minutes(cls, value: str) -> str:
        if any(not 0 < float(part) <= 24 * 60 for part in value.split(",") if part.strip()):
            raise ValueError("minutes must be above 0 and at most a day")
        return value

    def builds_ahead(self, entry: str) -> bool:
        """Whether the platform builds this entry of the catalogue."""
        names = {name.strip() for name in self.catalogue_builds.split(",")}
        return bool({"*", entry} & names)

    def of_process(self) -> "Settings":
        """The settings of one of several processes: its part of the connections."""
        share = (self.database_pool - _ACCESS_POOL) // self.processes
        return self.model_copy(update={"database_pool": max(2, share)})

    def of_access(self) -> "Settings":
        """The settings of the process for the edge: it uses the database only to spend tickets."""
        return self.model_copy(update={"database_pool": _ACCESS_POOL})

    @cached_property
    def webhook_reach(self) -> Reach:
        """Addresses that webhooks may call."""
        return Reach.parse(self.private_webhooks)

    @property
    def retention_policy(self) -> RetentionPolicy:
        """How long work folders are kept."""
        return RetentionPolicy(
            self.retention_days,
            self.retention_notice_days,
            self.retention_last_notice_days,
            self.course_deletion_days,
        )

    @property
    def context_packed_bytes(self) -> int:
        """The most bytes of an upload."""
        return self.context_packed_mib * 1024 * 1024

    def context_limits(self) -> Limits:
        """Limits of an archive."""
        return Limits(
            unpacked_bytes=self.context_unpacked_mib * 1024 * 1024,
            entries=self.context_entries,
            ratio=self.context_ratio,
            cpu_seconds=int(self.context_seconds),
        )

    @cached_property
    def warn_seconds(self) -> tuple[float, ...]:
        """Seconds before an end at which the page warns, earliest warning first."""
        minutes = (float(part) for part in self.warn_minutes.split(",") if part.strip())
        return tuple(sorted((minute * 60 for minute in minutes), reverse=True))

    @cached_property
    def ssh_fingerprint(self) -> str | None:
        """Of the bastion's key, as `ssh` shows it at the first connection."""
        return public_key_fingerprint(self.ssh_host_public_key)

    @cached_property
    def content_host(self) -> str:
        """Host, with its port, that labels are put in front of."""
        return urlsplit(self.user_content_origin).netloc

    @cached_property
    def content_scheme(self) -> str:
        return urlsplit(self.user_content_origin).scheme
