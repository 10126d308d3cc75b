"""Resolves SSH logins of environments, and keeps people's public keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.bastion.ssh import SshPresence, SshState, SshTarget
from mydocker_kit.contracts.orchestrator.environments import (
    ALIVE,
    Address,
    EnvironmentStatus,
    PortKind,
)
from mydocker_kit.errors import Conflict, Forbidden, Invalid, NotFound
from mydocker_kit.observability.logging import get_logger

from ..domain.environments import lifecycle
from ..domain.people.ssh_keys import PublicKey, public_key
from ..domain.policy import Person
from ..limits.caps import CapReached, check_cap
from ..models import Environment, User
from ..models import SshKey as SshKeyRow
from ..orchestration.specs import request_of
from ..orchestration.status_cache import StatusCache
from ..settings import Settings
from . import queries
from .schemas import SshKey, SshKeyDraft

log = get_logger()
_TUNNELLED = (PortKind.VNC, PortKind.TCP)
"""Kinds of ports that the bastion tunnels to where the environment has no SSH server."""


class NotAPublicKey(Invalid):
    """The text is not an accepted public key."""

    code = "ssh_key_invalid"
    title = "This is not a public key that can be used"


class KeyKnown(Conflict):
    """The person has this key already."""

    code = "ssh_key_known"
    title = "This key is already in your list"


class TooManyKeys(CapReached):
    """The list is full."""

    code = "ssh_keys_full"
    title = "There are as many keys as there may be"


async def resolve(
    db: AsyncSession, statuses: StatusCache, settings: Settings, login: str, port: int | None
) -> SshTarget:
    """The environment of a login name; `NotFound` for disabled people."""
    statuses.check_loaded()
    row, owner = await _environment_and_owner(db, login)
    status, ssh_port = statuses.get(row.id), _ssh_port(row, port)
    numbers = _tunnelled(row) if ssh_port is None else [ssh_port]
    states = [port_address(row, status, number) for number in numbers]
    state, first = next((pair for pair in states if pair[1]), states[0])
    return SshTarget(
        environment_id=row.id,
        attempt=row.attempt,
        state=state,
        account=row.username,
        address=first if ssh_port is not None else None,
        has_server=ssh_port is not None,
        tunnels=tuple(address for _, address in states if address and ssh_port is None),
        keys=tuple(key.fingerprint for key in await queries.keys_of(db, owner.id)),
        language="fr" if (owner.locale or "").lower().startswith("fr") else "en",
        window_url=f"{settings.app_origin}/courses/{row.course_id}/window",
    )


async def password_for_key(
    db: AsyncSession, login: str, fingerprint: str, now: datetime
) -> Environment:
    """The Environment whose password the bastion may use: its owner proved to hold a key."""
    row, owner = await _environment_and_owner(db, login)
    if not await queries.note_use(db, owner.id, fingerprint, now):
        raise Forbidden("not a key of the owner")
    log.info("ssh.key_used", id=row.id)
    return row


async def named(db: AsyncSession, login: str) -> Environment:
    """The Environment of this login, if it has ports that the bastion serves."""
    row, _ = await _environment_and_owner(db, login)
    _ssh_port(row, None)  # `NotFound` where there is none
    return row


async def present(
    db: AsyncSession, statuses: StatusCache, ids: Sequence[UUID]
) -> list[SshPresence]:
    """The environments that run and whose owners are not disabled."""
    statuses.check_loaded()
    running = [status for id in ids if (status := statuses.get(id)) and status.phase in ALIVE]
    owners = [status.owner_id for status in running]
    disabled = await queries.disabled_among(db, owners) if owners else set()
    return [
        SshPresence(environment_id=status.id, attempt=status.attempt)
        for status in running
        if status.owner_id not in disabled
    ]


async def keys(db: AsyncSession, person: Person) -> list[SshKey]:
    """The person's keys."""
    return [_shown(key) for key in await queries.keys_of(db, person.id)]


async def add_key(
    db: AsyncSession, settings: Settings, person: Person, draft: SshKeyDraft, now: datetime
) -> SshKey:
    """Add a public key."""
    key = public_key(draft.public_key)
    if not isinstance(key, PublicKey):
        raise NotAPublicKey(fault=key.value)
    most = settings.ssh_keys_per_person
    await check_cap(db, SshKeyRow, SshKeyRow.user_id, person.id, most, TooManyKeys)
    if any(known.fingerprint == key.fingerprint for known in await queries.keys_of(db, person.id)):
        raise KeyKnown
    row = SshKeyRow(
        id=uuid4(),
        user_id=person.id,
        title=draft.title.strip() or key.comment or key.algorithm,
        algorithm=key.algorithm,
        fingerprint=key.fingerprint,
        created_at=now,
    )
    db.add(row)
    await db.flush()
    log.info("ssh.key_added", user=person.id, key=row.id)
    return _shown(row)


async def remove_key(db: AsyncSession, person: Person, key_id: UUID) -> None:
    """Remove a public key; open connections stay."""
    row = await queries.key_of(db, person.id, key_id)
    if row is None:
        raise NotFound(f"key {key_id}")
    await db.delete(row)
    log.info("ssh.key_removed", user=person.id, key=key_id)


async def _environment_and_owner(db: AsyncSession, login: str) -> tuple[Environment, User]:
    row = await queries.environment_named(db, login)
    if row is None or row[1].disabled_at is not None:
        raise NotFound("no environment of this name")
    return row


def _ssh_port(row: Environment, requested: int | None) -> int | None:
    """The SSH port: the requested one, else the first; None when only tunnels are possible."""
    ports = row.plan.ports if row.plan else ()
    numbers = [port.number for port in ports if port.kind is PortKind.SSH]
    if not numbers and requested is None and _tunnelled(row):
        return None
    if not numbers or (requested is not None and requested not in numbers):
        raise NotFound("no such SSH port")
    return requested or numbers[0]


def _tunnelled(row: Environment) -> list[int]:
    ports = row.plan.ports if row.plan else ()
    return [port.number for port in ports if port.kind in _TUNNELLED]


def port_address(
    row: Environment, status: EnvironmentStatus | None, number: int
) -> tuple[SshState, Address | None]:
    """State and address of a port of the Environment."""
    request = request_of(row)
    news = lifecycle.current(request, status)
    if not lifecycle.is_alive(request, status):
        return SshState.STOPPED, None
    for address in news.addresses if news and news.phase in ALIVE else ():
        if address.port == number:
            return SshState.OPEN, address
    return SshState.STARTING, None


def _shown(row: SshKeyRow) -> SshKey:
    return SshKey.model_validate(row, from_attributes=True)
