"""FastAPI dependencies shared by the endpoints."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.errors import Forbidden
from mydocker_kit.postgres.db_errors import DatabaseUnavailable

from ..domain.entry_context import EntryContext
from ..domain.refusals import EntryRefused, Reason
from ..settings import GatewaySettings
from .limits import EntryLimits

MAX_FORM_BYTES = 160 * 1024
"""Limit of a posted form: an id_token of 64 KiB, URL-encoded, and the other fields."""
_MAX_FIELDS = 100


class ForeignRequest(Forbidden):
    """CSRF check failed: the request lacks the header of our own application."""

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


def client_address(request: Request) -> str:
    """The client's IP address, as the edge forwards it."""
    return request.client.host if request.client else ""


async def form_parameters(request: Request) -> list[tuple[str, str]]:
    """Fields of a posted form in order, repeated ones included; at most `MAX_FORM_BYTES`."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise EntryRefused(Reason.REQUEST_MALFORMED)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise EntryRefused(Reason.REQUEST_TOO_LARGE)
    return parse_parameters(bytes(body))


def parse_parameters(encoded: bytes) -> list[tuple[str, str]]:
    """Decoded parameters; refuses invalid encodings, since hints must be returned unchanged."""
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError:
        raise EntryRefused(Reason.REQUEST_MALFORMED) from None


async def require_own_application(request: Request) -> None:
    """CSRF check: requires a custom header, which a foreign page cannot send without CORS."""
    if request.headers.get("X-MyDocker") != "1":
        raise ForeignRequest


async def _reserved_issuers(request: Request) -> frozenset[str]:
    issuers: frozenset[str] = request.app.state.reserved_issuers
    return issuers


@contextmanager
def database_errors_refused() -> Iterator[None]:
    """Turn database failures into a refusal page."""
    try:
        yield
    except (DatabaseUnavailable, SQLAlchemyError, OSError) as error:
        raise EntryRefused(Reason.DATABASE_AWAY) from error


ReservedIssuers = Annotated[frozenset[str], Depends(_reserved_issuers)]
"""Issuers of sign-in providers; no platform may use them."""
Settings = Annotated[GatewaySettings, Depends(_settings)]
Api = Annotated[ApiClient, Depends(_api)]
Limits = Annotated[EntryLimits, Depends(_limits)]
CurrentEntry = Annotated[EntryContext, Depends(entry_context)]
