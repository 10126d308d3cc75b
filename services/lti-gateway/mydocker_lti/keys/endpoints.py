"""Our key sets (JWKS) for platforms and services, and key rotation for operators."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from mydocker_kit.contracts.gateway.platforms import ByOperator
from mydocker_kit.contracts.gateway.signing_keys import KeyOrder, OwnKey
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.web.dependencies import CallingService, Db, Now

from . import rotation as own_keys
from .deps import Keys
from .signing import Purpose

router = APIRouter(tags=["keys"])


@router.get("/lti/jwks.json")
async def platform_key_set(keys: Keys, now: Now, response: Response) -> dict[str, Any]:
    """The JWKS with which platforms verify our messages."""
    response.headers["Cache-Control"] = "public, max-age=3600"
    return await keys.key_set(Purpose.PLATFORMS, now)


@router.get("/internal/access-keys")
async def access_key_set(keys: Keys, now: Now, _: CallingService) -> dict[str, Any]:
    """The JWKS with which our services verify access tokens."""
    return await keys.key_set(Purpose.ACCESS, now)


@router.get("/internal/signing-keys")
async def list_own_keys(db: Db, now: Now, _: CallingService) -> list[OwnKey]:
    """Our keys and their states."""
    return await own_keys.list_keys(db, now)


@router.post("/internal/signing-keys")
async def rotate_key(
    body: KeyOrder, db: Db, now: Now, keys: Keys, _: CallingService
) -> list[OwnKey]:
    """Publish a new key; it signs a day later, or within a minute with `at_once`."""
    actor = str(body.actor)
    await own_keys.rotate(db, keys, body.purpose, now, at_once=body.at_once, actor=actor)
    return await own_keys.list_keys(db, now)


@router.post("/internal/signing-keys/{kid}/retire")
async def retire_key(
    kid: Annotated[str, Opaque(max_length=64), Path()],
    body: ByOperator,
    db: Db,
    now: Now,
    keys: Keys,
    _: CallingService,
) -> list[OwnKey]:
    """Remove the key from the key set."""
    await own_keys.retire(db, keys, kid, now, actor=str(body.actor))
    return await own_keys.list_keys(db, now)
