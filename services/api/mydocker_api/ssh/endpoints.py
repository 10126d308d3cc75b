"""A person's public keys, and requests of the bastion."""

from hmac import compare_digest
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from mydocker_kit.contracts.bastion.ssh import (
    LOGIN_PATTERN,
    SshAsked,
    SshGuess,
    SshKeyShown,
    SshPassword,
    SshPresence,
    SshTarget,
    SshVerdict,
)

from ..deps import Config, CurrentPerson, Db, FromBastion, Limited, Now, Passwords, Statuses
from ..idempotency.route import CreationRoute
from ..orchestration.uses import mark_used
from . import service
from .schemas import SshKey, SshKeyDraft

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/me",
    tags=["people"],
)
inside = APIRouter(prefix="/internal", dependencies=[FromBastion], include_in_schema=False)
Login = Annotated[str, Path(pattern=LOGIN_PATTERN)]


@router.get("/ssh-keys")
async def list_ssh_keys(person: CurrentPerson, db: Db) -> list[SshKey]:
    """My public keys; a setting bounds how many."""
    return await service.keys(db, person)


@router.post("/ssh-keys", status_code=201)
async def add_ssh_key(
    body: SshKeyDraft,
    person: CurrentPerson,
    db: Db,
    settings: Config,
    limits: Limited,
    now: Now,
) -> SshKey:
    """Add a public key: it opens my environments by SSH in place of their passwords."""
    limits.keys.check(person.id)
    return await service.add_key(db, settings, person, body, now)


@router.delete("/ssh-keys/{key_id}", status_code=204)
async def remove_ssh_key(key_id: UUID, person: CurrentPerson, db: Db) -> None:
    """Remove a public key: it opens nothing any more."""
    await service.remove_key(db, person, key_id)


@inside.get("/ssh/{login}")
async def resolve_ssh_login(
    login: Login,
    db: Db,
    statuses: Statuses,
    settings: Config,
    port: Annotated[int | None, Query(ge=1, le=65535)] = None,
) -> SshTarget:
    """The environment and address of a login name."""
    return await service.resolve(db, statuses, settings, login, port)


@inside.post("/ssh/{login}/password")
async def ssh_password(
    login: Login, body: SshKeyShown, passwords: Passwords, db: Db, now: Now
) -> SshPassword:
    """The password of an environment whose owner proved to hold a registered key."""
    row = await service.password_for_key(db, login, body.fingerprint, now)
    return SshPassword(password=passwords.open(row.sealed_password))


@inside.post("/ssh/{login}/guess")
async def ssh_guess(login: Login, body: SshGuess, passwords: Passwords, db: Db) -> SshVerdict:
    """Whether the platform gave the environment this password.

    Asked where the environment's own SSH server cannot judge: it has none, or does not run.
    """
    row = await service.named(db, login)
    right = passwords.open(row.sealed_password)
    return SshVerdict(is_right=compare_digest(right.encode(), body.password.encode()))


@inside.post("/ssh-present")
async def ssh_present(body: SshAsked, db: Db, statuses: Statuses, now: Now) -> list[SshPresence]:
    """Which of these run, for owners who may use them. The bastion asks for those that have an open
    connection: shells, desktops and streams count as use."""
    present = await service.present(db, statuses, body.environment_ids)
    await mark_used(db, [presence.environment_id for presence in present], now)
    return present
