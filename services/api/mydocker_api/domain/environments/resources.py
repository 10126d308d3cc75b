"""What one Environment of a Course gets: what the Course says, else what its pool gives."""

from dataclasses import dataclass

from mydocker_kit.contracts.pools import Pool


@dataclass(frozen=True)
class Asked:
    """What a Course says; None leaves it to the pool."""

    cpu: float | None
    memory_mib: int | None
    gpu: int | None
    lease_minutes: int | None
    hard_limit_minutes: int | None


@dataclass(frozen=True)
class Given:
    """What a start gets."""

    cpu: float
    memory_mib: int
    gpu: int
    lease_minutes: int | None
    hard_limit_minutes: int | None


def given(asked: Asked, pool: Pool) -> Given:
    """The Course's own values, else the pool's. No Course outlasts the limit of its pool."""
    limits = [one for one in (asked.hard_limit_minutes, pool.hard_limit_minutes) if one]
    hard = min(limits, default=None)
    lease = asked.lease_minutes or pool.lease_minutes
    return Given(
        cpu=asked.cpu or pool.default_cpu,
        memory_mib=asked.memory_mib or pool.default_memory_mib,
        gpu=pool.default_gpu if asked.gpu is None else asked.gpu,
        lease_minutes=min(lease, hard) if lease and hard else lease,
        hard_limit_minutes=hard,
    )
