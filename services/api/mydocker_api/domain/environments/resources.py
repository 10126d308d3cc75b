"""Resources of an Environment: those of its Course, else the defaults of its pool."""

from dataclasses import dataclass

from mydocker_kit.contracts.orchestrator.pools import Pool, Storage

from .idleness import idle_limit


@dataclass(frozen=True)
class RequestedResources:
    """What a Course asks for; None means the pool's default."""

    cpu: float | None
    memory_mib: int | None
    gpu: int | None
    lease_minutes: int | None
    hard_limit_minutes: int | None
    folder_mib: int | None = None
    idle_minutes: int | None = None


@dataclass(frozen=True)
class EffectiveResources:
    """What an attempt gets."""

    cpu: float
    memory_mib: int
    gpu: int
    lease_minutes: int | None
    hard_limit_minutes: int | None
    folder_mib: int | None
    """None: machines of this pool enforce no size."""
    idle_minutes: int | None


def effective_resources(requested: RequestedResources, pool: Pool) -> EffectiveResources:
    """The Course's values, else the pool's; the pool's hard limit bounds both."""
    limits = [limit for limit in (requested.hard_limit_minutes, pool.hard_limit_minutes) if limit]
    hard = min(limits, default=None)
    lease = requested.lease_minutes or pool.lease_minutes
    return EffectiveResources(
        cpu=requested.cpu or pool.default_cpu,
        memory_mib=requested.memory_mib or pool.default_memory_mib,
        gpu=pool.default_gpu if requested.gpu is None else requested.gpu,
        lease_minutes=min(lease, hard) if lease and hard else lease,
        hard_limit_minutes=hard,
        folder_mib=_folder_mib(requested, pool),
        idle_minutes=idle_limit(requested.idle_minutes, pool.idle_minutes),
    )


def _folder_mib(requested: RequestedResources, pool: Pool) -> int | None:
    if pool.storage is not Storage.NODE_QUOTA:
        return None
    return min(requested.folder_mib or pool.default_folder_mib, pool.max_folder_mib)
