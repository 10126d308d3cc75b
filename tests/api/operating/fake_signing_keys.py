"""Our signing keys, as the gateway answers."""

from datetime import UTC, datetime

from fastapi import FastAPI

from mydocker_kit.contracts.gateway.platforms import ByOperator
from mydocker_kit.contracts.gateway.signing_keys import KeyOrder, KeyPurpose, KeyState, OwnKey

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SIGNING = OwnKey(
    kid="2026-11",
    purpose=KeyPurpose.PLATFORMS,
    state=KeyState.SIGNING,
    created_at=NOW,
    signs_from=NOW,
    signs_until=None,
    published_until=None,
    retired_at=None,
)


def add_signing_keys(app: FastAPI) -> None:
    """Routes of the gateway; the keys stay as they are."""

    @app.get("/internal/signing-keys")
    async def own_keys() -> list[OwnKey]:
        return [SIGNING]

    @app.post("/internal/signing-keys")
    async def rotate(order: KeyOrder) -> list[OwnKey]:
        return [SIGNING]

    @app.post("/internal/signing-keys/{kid}/retire")
    async def retire(kid: str, by: ByOperator) -> list[OwnKey]:
        return [SIGNING]
