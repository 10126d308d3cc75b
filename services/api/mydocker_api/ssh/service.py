"""Where a login name leads, who may still be inside, and which keys open it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.environments import ALIVE, Address, EnvironmentStatus, PortKind
from mydocker_kit.contracts.ssh import SshPlace, SshPresence, SshState
from mydocker_kit.errors import Conflict, Forbidden, Invalid, NotFound
from mydocker_kit.logging import get_logger

from ..caps import CapReached, check_cap
from ..domain.environments import lifecycle
from ..domain.people.ssh_keys import PublicKey, public_key
from ..domain.policy import Person
from ..models import Environment, User
from ..models import SshKey as SshKeyRow
from ..orchestration.specs import wish_of
from ..orchestration.status_cache import LiveEnvironments
from ..settings import Settings
from . import queries
from .schemas import SshKey, SshKeyDraft

log = get_logger()
_TUNNELLED = (PortKind.VNC, PortKind.TCP)
"""Kinds of ports that the bastion leads to where the environment has no SSH server."""


class NotAPublicKey(Invalid):
    """The line is no key we take."""

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


async def place(
    db: AsyncSession, live: LiveEnvironments, settings: Settings, login: str, port: int | None
) -> SshPlace:
    """Where a login name leads now. For a person who may not enter, nowhere."""
    live.check_loaded()
    row, owner = await _found(db, login)
    status, number = live.get(row.id), _ssh_port(row, port)
    numbers = _tunnelled(row) if number is None else [number]
    ways = [way(row, status, one) for one in numbers]
    state, first = next((one for one in ways if one[1]), ways[0])
    return SshPlace(
        environment_id=row.id,
        attempt=row.attempt,
        state=state,
        account=row.username,
        address=first if number is not None else None,
        has_server=number is not None,
        tunnels=tuple(one for _, one in ways if one and number is None),
        keys=tuple(key.fingerprint for key in await queries.keys_of(db, owner.id)),
        language="fr" if (owner.locale or "").lower().startswith("fr") else "en",
        window_url=f"{settings.app_origin}/courses/{row.course_id}/window",
    )


async def password_for_key(
    db: AsyncSession, login: str, fingerprint: str, now: datetime
) -> Environment:
    """The Environment whose password the bastion may use, now that its owner showed a key."""
    row, owner = await _found(db, login)
    if not await queries.note_use(db, owner.id, fingerprint, now):
        raise Forbidden("not a key of the owner")
    log.info("ssh.key_used", id=row.id)
    return row


async def named(db: AsyncSession, login: str) -> Environment:
    """The Environment of this name, if it has ports that the bastion leads to."""
    row, _ = await _found(db, login)
    _ssh_port(row, None)  # `NotFound` where there is none
    return row


async def present(
    db: AsyncSession, live: LiveEnvironments, ids: Sequence[UUID]
) -> list[SshPresence]:
    """Those that run, for owners who may use them."""
    live.check_loaded()
    found = [status for id in ids if (status := live.get(id)) and status.phase in ALIVE]
    disabled = await queries.disabled_among(db, [one.owner_id for one in found]) if found else set()
    return [
        SshPresence(environment_id=one.id, attempt=one.attempt)
        for one in found
        if one.owner_id not in disabled
    ]


async def keys(db: AsyncSession, person: Person) -> list[SshKey]:
    """My keys."""
    return [_shown(one) for one in await queries.keys_of(db, person.id)]


async def add_key(
    db: AsyncSession, settings: Settings, person: Person, draft: SshKeyDraft, now: datetime
) -> SshKey:
    """Take one more key of mine."""
    key = public_key(draft.public_key)
    if not isinstance(key, PublicKey):
        raise NotAPublicKey(fault=key.value)
    most = settings.ssh_keys_per_person
    await check_cap(db, SshKeyRow, SshKeyRow.user_id, person.id, most, TooManyKeys)
    if any(one.fingerprint == key.fingerprint for one in await queries.keys_of(db, person.id)):
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
    """Forget a key of mine; connections it opened stay."""
    row = await queries.key_of(db, person.id, key_id)
    if row is None:
        raise NotFound(f"key {key_id}")
    await db.delete(row)
    log.info("ssh.key_removed", user=person.id, key=key_id)


async def _found(db: AsyncSession, login: str) -> tuple[Environment, User]:
    found = await queries.environment_named(db, login)
    if found is None or found[1].disabled_at is not None:
        raise NotFound("no environment of this name")
    return found


def _ssh_port(row: Environment, wanted: int | None) -> int | None:
    """The SSH port meant: the one named, else the first; None: it has none, and other ports."""
    ports = row.plan.ports if row.plan else ()
    numbers = [port.number for port in ports if port.kind is PortKind.SSH]
    if not numbers and wanted is None and _tunnelled(row):
        return None
    if not numbers or (wanted is not None and wanted not in numbers):
        raise NotFound("no such SSH port")
    return wanted or numbers[0]


def _tunnelled(row: Environment) -> list[int]:
    ports = row.plan.ports if row.plan else ()
    return [port.number for port in ports if port.kind in _TUNNELLED]


def way(
    row: Environment, status: EnvironmentStatus | None, number: int
) -> tuple[SshState, Address | None]:
    """Whether a port of the Environment is open now, and where."""
    wish = wish_of(row)
    news = lifecycle.current(wish, status)
    if not lifecycle.is_alive(wish, status):
        return SshState.STOPPED, None
    for address in news.addresses if news and news.phase in ALIVE else ():
        if address.port == number:
            return SshState.OPEN, address
    return SshState.STARTING, None


def _shown(row: SshKeyRow) -> SshKey:
    return SshKey.model_validate(row, from_attributes=True)
