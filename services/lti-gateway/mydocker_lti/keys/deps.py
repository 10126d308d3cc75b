"""Dependencies of endpoints: our signing keys and the platforms' key sets."""

from typing import Annotated

from fastapi import Depends, Request

from .platform_jwks import PlatformKeys
from .signing import SigningKeys


async def _keys(request: Request) -> SigningKeys:
    keys: SigningKeys = request.app.state.signing_keys
    return keys


async def _platform_keys(request: Request) -> PlatformKeys:
    keys: PlatformKeys = request.app.state.platform_keys
    return keys


Keys = Annotated[SigningKeys, Depends(_keys)]
PlatformKeySets = Annotated[PlatformKeys, Depends(_platform_keys)]
