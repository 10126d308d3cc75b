"""Our public keys: for platforms, and for the other services."""

from typing import Any

from fastapi import APIRouter, Response

from mydocker_kit.dependencies import CallingService, Now

from ..deps import Keys
from ..signing import Purpose

router = APIRouter(tags=["keys"])


@router.get("/lti/jwks.json")
async def platform_key_set(keys: Keys, now: Now, response: Response) -> dict[str, Any]:
    """What platforms check our messages with."""
    response.headers["Cache-Control"] = "public, max-age=3600"
    return await keys.key_set(Purpose.PLATFORMS, now)


@router.get("/internal/access-keys")
async def access_key_set(keys: Keys, now: Now, _: CallingService) -> dict[str, Any]:
    """What services check people's access tokens with."""
    return await keys.key_set(Purpose.ACCESS, now)
