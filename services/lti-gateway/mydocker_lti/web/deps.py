"""What endpoints are given."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.db_errors import DatabaseUnavailable
from mydocker_kit.errors import Forbidden

from ..domain.entry_context import EntryContext
from ..domain.refusals import EntryRefused, Reason
from ..settings import GatewaySettings
from .limits import EntryLimits

MOST_BYTES = 160 * 1024
"""Of a posted form: an id_token of 64 KiB, URL-encoded, and room for the rest."""
_MOST_FIELDS = 100


class ForeignRequest(Forbidden):
    """A request that our own application did not send."""

    code, title = "foreign_request", "This request does not come from the application"


async def _settings(request: Request) -> GatewaySettings:
    settings: GatewaySettings = request.app.state.settings
    return settings


async def _api(request: Request) -> ApiClient:
    api: ApiClient = request.app.state.api
    return api


async def _limits(request: Request) -> EntryLimits:
    limits: EntryLimits = request.app.state.limits
    return limits


async def entry_context(request: Request) -> EntryContext:
    """The entry context of this request; made at its first use, read by the refusal handler."""
    known = getattr(request.state, "entry_context", None)
    context: EntryContext = EntryContext() if known is None else known
    request.state.entry_context = context
    return context


def address_of(request: Request) -> str:
    """Where the visitor is, by the edge's word."""
    return request.client.host if request.client else ""


async def posted_pairs(request: Request) -> list[tuple[str, str]]:
    """The fields of a posted form in their order, repeated ones too; bounded."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise EntryRefused(Reason.REQUEST_MALFORMED)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise EntryRefused(Reason.REQUEST_TOO_LARGE)
    return parsed_pairs(bytes(body))


def parsed_pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Byte for byte what was meant, or a refusal: a hint must go back unchanged."""
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise EntryRefused(Reason.REQUEST_MALFORMED) from None


async def own_application(request: Request) -> None:
    """A header that no foreign page can send: it would need our leave (CORS), which nobody has."""
    if request.headers.get("X-MyDocker") != "1":
        raise ForeignRequest


async def _reserved_issuers(request: Request) -> frozenset[str]:
    issuers: frozenset[str] = request.app.state.reserved_issuers
    return issuers


@contextmanager
def readable() -> Iterator[None]:
    """A dead database becomes a page that says so."""
    try:
        yield
    except (DatabaseUnavailable, SQLAlchemyError, OSError) as error:
        raise EntryRefused(Reason.DATABASE_AWAY) from error


ReservedIssuers = Annotated[frozenset[str], Depends(_reserved_issuers)]
"""Issuers of sign-in providers, which no platform may have."""
Settings = Annotated[GatewaySettings, Depends(_settings)]
Api = Annotated[ApiClient, Depends(_api)]
Limits = Annotated[EntryLimits, Depends(_limits)]
CurrentEntry = Annotated[EntryContext, Depends(entry_context)]
