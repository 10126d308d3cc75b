"""My account: the identities I sign in with, linked by proof of both."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.gateway.sign_ins import AccountName, LinkRequest
from mydocker_kit.errors import Invalid

from ...composition.services import Services
from ...deps import Composed, CurrentPerson, Db, FromGateway, Now, Token
from . import service
from .schemas import Account, LinkRequestShown

router = APIRouter(prefix="/api/account", tags=["account"])
inside = APIRouter(prefix="/internal", dependencies=[FromGateway], include_in_schema=False)


@router.get("")
async def get_account(person: CurrentPerson, db: Db) -> Account:
    """Who I am here, and how I come in."""
    return await service.account(db, person)


@router.get("/link-requests/{link_id}")
async def get_link_request(
    link_id: UUID, person: CurrentPerson, token: Token, db: Db, now: Now
) -> LinkRequestShown:
    """What I proved a moment ago in this visit, and what joining would mean."""
    return await service.request_shown(db, token, link_id, now)


@router.post("/link-requests/{link_id}/accept")
async def accept_link_request(
    link_id: UUID, person: CurrentPerson, token: Token, services: Composed, db: Db, now: Now
) -> Account:
    """Make both one account. The other one's visits end; what it runs stops, its work is kept."""
    joined = await service.accept(db, token, link_id, now)
    await db.commit()
    _apply_now(services)
    return joined


@router.delete("/link-requests/{link_id}", status_code=204)
async def decline_link_request(link_id: UUID, person: CurrentPerson, token: Token, db: Db) -> None:
    """Change nothing, and forget what was proved."""
    await service.decline(db, token, link_id)


@router.delete("/identities/{identity_id}", status_code=204)
async def unlink_identity(
    identity_id: UUID, person: CurrentPerson, services: Composed, db: Db, now: Now
) -> None:
    """Come in by this identity no more; refused for the last one. All my visits end."""
    await service.unlink(db, person, identity_id, now)
    await db.commit()
    _apply_now(services)


@inside.put("/link-requests/{link_id}", status_code=204)
async def put_link_request(link_id: UUID, body: LinkRequest, db: Db, now: Now) -> None:
    """Store what somebody proved until they decide."""
    if body.id != link_id:
        raise Invalid("the request's id is another one than the path's")
    await service.store_request(db, body, now)


@inside.get("/accounts/{user_id}")
async def account_name(user_id: UUID, db: Db) -> AccountName:
    """How an account is called: whoever is about to go on as it is asked first."""
    return await service.account_name(db, user_id)


def _apply_now(services: Services) -> None:
    """End web sessions and stop environments at once, instead of at the loops' next step."""
    services.disabled_users.set()
    services.delivery.wakeup.set()
