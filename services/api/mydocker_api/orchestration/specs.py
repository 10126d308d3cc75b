"""Converts the row of an Environment to the values of rules and of the orchestrator."""

from pydantic import SecretStr

from mydocker_kit.contracts.orchestrator.environments import (
    Credentials,
    EnvironmentSpec,
    Reason,
    ReasonCode,
    StopRequest,
)
from mydocker_kit.vault import Vault

from ..domain.courses.commands import arguments
from ..domain.environments.lifecycle import EnvironmentRequest
from ..models.environment import Environment
from ..models.seen import SeenEnvironment


def spec_of(environment: Environment, vault: Vault) -> EnvironmentSpec:
    """The specification of a running attempt, credentials included."""
    plan = environment.plan
    if plan is None:
        raise ValueError(f"environment {environment.id} was never planned")
    password = vault.open(environment.sealed_password)
    return EnvironmentSpec(
        owner_id=environment.user_id,
        course_id=environment.course_id,
        session_id=environment.session_id,
        attempt=environment.attempt,
        image=plan.image,
        arguments=arguments(plan.command, environment.username, password),
        ports=plan.ports,
        resources=plan.resources,
        volumes=plan.volumes,
        pool=plan.pool,
        profile=plan.profile,
        root_approved_for=plan.root_approved_for,
        credentials=Credentials(username=environment.username, password=SecretStr(password)),
        ends_at=environment.ends_at,
        priority=plan.priority,
        lease_seconds=_seconds(plan.whole_lease_minutes),
        hard_limit_seconds=_seconds(plan.whole_limit_minutes),
        lease_ends_at=environment.lease_ends_at,
        warn_seconds=_warnings(plan.warn_minutes),
        ready_within=plan.ready_within,
    )


def stop_of(environment: Environment) -> StopRequest:
    """The request to stop this attempt."""
    reason = environment.stop_reason or ReasonCode.STOPPED_BY_OWNER
    return StopRequest(reason=reason, attempt=environment.attempt, words=environment.stop_words)


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 60


def _warnings(minutes: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return None if minutes is None else tuple(minute * 60 for minute in minutes)


def request_of(environment: Environment | SeenEnvironment) -> EnvironmentRequest:
    """The request of a row, for the rules."""
    refusal = None
    if environment.refusal is not None:
        refusal = Reason(
            code=ReasonCode.ENGINE_REFUSED,
            detail=environment.refusal,
            reference=environment.reference,
        )
    return EnvironmentRequest(
        attempt=environment.attempt,
        wanted=environment.wanted,
        revision=environment.revision,
        asked_at=environment.asked_at,
        refusal=refusal,
    )
