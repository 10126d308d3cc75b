"""Our own signing keys: operators see where each is in its life, rotate and retire them."""

from typing import Annotated

from fastapi import APIRouter, Path

from mydocker_kit.contracts.gateway.platforms import ByOperator
from mydocker_kit.contracts.gateway.signing_keys import KeyOrder, OwnKey

from ..deps import Gateway, Operator
from ..idempotency.route import CreationRoute
from .schemas import Rotation

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/signing-keys",
    tags=["platforms"],
)


@router.get("")
async def list_signing_keys(operator: Operator, gateway: Gateway) -> list[OwnKey]:
    """Our keys, newest first; a handful."""
    return await gateway.own_keys()


@router.post("", status_code=201)
async def rotate_signing_key(body: Rotation, operator: Operator, gateway: Gateway) -> list[OwnKey]:
    """Publish a new key; it signs a day later, or within the minute."""
    order = KeyOrder(purpose=body.purpose, at_once=body.at_once, actor=operator.id)
    return await gateway.rotate_key(order)


@router.post("/{kid}/retire")
async def retire_signing_key(
    kid: Annotated[str, Path(pattern="^[0-9a-zA-Z_-]{1,64}$")], operator: Operator, gateway: Gateway
) -> list[OwnKey]:
    """Publish a key no more; what it signed is refused from then on."""
    return await gateway.retire_key(kid, ByOperator(actor=operator.id))
