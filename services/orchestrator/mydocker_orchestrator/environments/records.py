"""Conversion of rows: to the rules' `EnvironmentState`, to the contract's spec and status."""

import json
from dataclasses import dataclass
from typing import Any

from mydocker_kit.contracts.orchestrator.environments import (
    Address,
    EnvironmentSpec,
    EnvironmentStatus,
    FolderUse,
    Phase,
    Port,
    Profile,
    Reason,
    Resources,
    SwarmStep,
    VolumeMount,
)
from mydocker_kit.vault import Vault

from ..domain.lifecycle.leases import hard_end, lease_end, scheduled_end
from ..domain.lifecycle.transitions import DesiredState, EnvironmentState
from ..models import EnvironmentRow


def environment_of(row: EnvironmentRow) -> EnvironmentState:
    """The row as the rules see it."""
    spec = row.spec
    return EnvironmentState(
        id=row.id,
        version=row.version,
        attempt=row.attempt,
        desired=DesiredState(row.wanted),
        phase=Phase(row.phase),
        since=row.since,
        asked_at=row.asked_at,
        resources=Resources.model_validate(spec["resources"]),
        image=spec["image"],
        profile=Profile(spec["profile"]),
        root_approved_for=spec.get("root_approved_for"),
        ports=tuple(Port.model_validate(port) for port in spec["ports"]),
        pool=spec["pool"],
        volumes=tuple(VolumeMount.model_validate(mount) for mount in spec.get("volumes", ())),
        ready_within=spec["ready_within"],
        start_within=spec["start_within"],
        ends_at=row.ends_at,
        end_reason=row.end_reason,
        priority=spec.get("priority", 0),
        lease_seconds=spec.get("lease_seconds"),
        hard_limit_seconds=spec.get("hard_limit_seconds"),
        lease_ends_at=row.lease_ends_at,
        step=SwarmStep(row.step) if row.step else None,
        reason=Reason.model_validate(row.reason) if row.reason else None,
        node=row.node,
        addresses=_addresses(row),
        running_at=row.running_at,
        ready_at=row.ready_at,
        began_at=row.began_at,
        restarts=row.restarts,
        restart_at=row.restart_at,
        last_logs=row.last_logs,
        folder=FolderUse.model_validate(row.folder) if row.folder else None,
    )


def status_of(row: EnvironmentRow) -> EnvironmentStatus:
    """The row as other services see it."""
    environment = environment_of(row)
    end = scheduled_end(environment)
    return EnvironmentStatus(
        id=row.id,
        owner_id=row.owner_id,
        course_id=row.course_id,
        session_id=row.session_id,
        attempt=row.attempt,
        version=row.version,
        phase=environment.phase,
        step=environment.step,
        reason=environment.reason,
        node=row.node,
        addresses=environment.addresses,
        since=row.since,
        asked_at=row.asked_at,
        ready_at=row.ready_at,
        ends_at=end.at if end else None,
        end_reason=end.reason if end else None,
        lease_ends_at=lease_end(environment),
        hard_ends_at=hard_end(environment),
        warn_seconds=row.spec.get("warn_seconds"),
        pool=environment.pool,
        restarts=row.restarts,
        last_logs=row.last_logs,
        folder=environment.folder,
    )


def observed_values(environment: EnvironmentState) -> dict[str, Any]:
    """The columns that loops write."""
    reason = environment.reason
    return {
        "wanted": environment.desired.value,
        "phase": environment.phase.value,
        "step": environment.step.value if environment.step else None,
        "reason": reason.model_dump(mode="json") if reason else None,
        "node": environment.node,
        "addresses": [address.model_dump() for address in environment.addresses],
        "since": environment.since,
        "running_at": environment.running_at,
        "ready_at": environment.ready_at,
        "began_at": environment.began_at,
        "restarts": environment.restarts,
        "restart_at": environment.restart_at,
        "last_logs": environment.last_logs,
        "folder": environment.folder.model_dump() if environment.folder else None,
    }


@dataclass(frozen=True)
class SpecStore:
    """Stores specs: credentials and arguments encrypted (both may be secret), the rest plain."""

    vault: Vault

    def columns(self, spec: EnvironmentSpec) -> dict[str, Any]:
        """The columns that hold the desired state."""
        secret = {
            "username": spec.credentials.username,
            "password": spec.credentials.password.get_secret_value(),
            "arguments": list(spec.arguments),
        }
        return {
            "owner_id": spec.owner_id,
            "course_id": spec.course_id,
            "session_id": spec.session_id,
            "attempt": spec.attempt,
            "spec": spec.model_dump(mode="json", exclude={"credentials", "arguments"}),
            "sealed_credentials": self.vault.seal(json.dumps(secret)),
            "ends_at": spec.ends_at,
            "end_reason": spec.end_reason,
            "lease_ends_at": spec.lease_ends_at,
        }

    def spec_of(self, row: EnvironmentRow) -> EnvironmentSpec:
        """The whole spec, with decrypted credentials."""
        decrypted = json.loads(self.vault.open(row.sealed_credentials))
        # Older rows hold arguments in `spec`, until their next start.
        arguments = decrypted.pop("arguments", row.spec.get("arguments", ()))
        return EnvironmentSpec.model_validate(
            {**row.spec, "arguments": arguments, "credentials": decrypted}
        )


def _addresses(row: EnvironmentRow) -> tuple[Address, ...]:
    return tuple(Address.model_validate(address) for address in row.addresses)
