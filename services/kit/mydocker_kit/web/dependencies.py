"""FastAPI dependencies every service shares: the clock, a transaction, the calling service, pages.

All are `async`: FastAPI sends the others through a thread each, half a millisecond a piece.
`app.state` must hold `sessions` (`db.Sessions`), `clock` and `trust` (`ServiceTrust`).
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ..contracts.cursors import MOST_SIGNS, scope_of
from ..contracts.values import Opaque, Text
from ..errors import Unauthenticated
from ..paging import LARGEST_PAGE, MOST_PAGES, Paging
from ..postgres.db import transaction


async def open_transaction(request: Request) -> AsyncIterator[AsyncSession]:
    """One transaction per request; it commits before the answer leaves."""
    async with transaction(request.app.state.sessions) as db:
        request.state.transaction = db
        yield db


def transaction_of(request: Request) -> AsyncSession | None:
    """The transaction that this request has opened; None where its endpoint uses none."""
    db: AsyncSession | None = getattr(request.state, "transaction", None)
    return db


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


async def paged(
    request: Request,
    page: Annotated[int, Query(ge=1, le=MOST_PAGES, description="Counted from 1.")] = 1,
    page_size: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
    search: Annotated[Annotated[str, Text(max_length=120)], Query()] = "",
    cursor: Annotated[
        Annotated[str, Opaque(max_length=MOST_SIGNS)] | None,
        Query(description="`next_cursor` of the page before; `page` and `page_size` are its own."),
    ] = None,
) -> Paging:
    """The page parameters of a list; a cursor holds for the same path and filters only."""
    filters = [item for item in request.query_params.multi_items() if item[0] not in _PAGE_ONLY]
    paging = Paging(page, page_size, search, scope=scope_of(request.url.path, filters))
    return paging if cursor is None else paging.follow(cursor)


_PAGE_ONLY = frozenset({"page", "page_size", "cursor"})
Paged = Annotated[Paging, Depends(paged)]
Db = Annotated[AsyncSession, Depends(open_transaction, scope="function")]
Now = Annotated[datetime, Depends(read_clock)]
AnsweringDatabase = Depends(answering_database)
CallingService = Annotated[str, Depends(calling_service)]
