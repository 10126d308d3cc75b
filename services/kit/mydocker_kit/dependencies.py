"""FastAPI dependencies every service shares: the clock, a transaction, the calling service.

All are `async`: FastAPI sends the others through a thread each, half a millisecond a piece.
`app.state` must hold `sessions` (`db.Sessions`), `clock` and `trust` (`ServiceTrust`).
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from .db import transaction
from .errors import Unauthenticated


async def open_transaction(request: Request) -> AsyncIterator[AsyncSession]:
    """One transaction per request; it commits before the answer leaves."""
    async with transaction(request.app.state.sessions) as db:
        yield db


async def answering_database(request: Request) -> None:
    """Before a stream begins: once it has, a database that is away can only break it off."""
    async with transaction(request.app.state.sessions) as db:
        await db.execute(text("SELECT 1"))


async def read_clock(request: Request) -> datetime:
    now: datetime = request.app.state.clock()
    return now


async def calling_service(request: Request) -> str:
    """The name of the service that calls; refuses everybody else."""
    caller: str = request.app.state.trust.caller(bearer(request))
    return caller


def bearer(request: Request) -> str:
    """The bearer token of the request; `Unauthenticated` without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token


Db = Annotated[AsyncSession, Depends(open_transaction, scope="function")]
Now = Annotated[datetime, Depends(read_clock)]
AnsweringDatabase = Depends(answering_database)
CallingService = Annotated[str, Depends(calling_service)]
