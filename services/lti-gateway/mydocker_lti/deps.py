"""What endpoints are given."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.db_errors import DatabaseUnavailable

from .domain.refusals import EntryRefused, Reason
from .launches import Launches
from .limits import EntryLimits
from .platform_keys import PlatformKeys
from .providers import CasProvider, OpenIdProvider
from .rosters import Rosters
from .settings import GatewaySettings
from .sign_ins import SignIns
from .signing import SigningKeys

MOST_BYTES = 160 * 1024
"""Of a posted form: an id_token of 64 KiB, URL-encoded, and room for the rest."""
_MOST_FIELDS = 100


async def _settings(request: Request) -> GatewaySettings:
    settings: GatewaySettings = request.app.state.settings
    return settings


async def _keys(request: Request) -> SigningKeys:
    keys: SigningKeys = request.app.state.signing_keys
    return keys


async def _platform_keys(request: Request) -> PlatformKeys:
    keys: PlatformKeys = request.app.state.platform_keys
    return keys


async def _launches(request: Request) -> Launches:
    launches: Launches = request.app.state.launches
    return launches


async def _sign_ins(request: Request) -> SignIns:
    sign_ins: SignIns = request.app.state.sign_ins
    return sign_ins


async def _api(request: Request) -> ApiClient:
    api: ApiClient = request.app.state.api
    return api


async def _rosters(request: Request) -> Rosters:
    rosters: Rosters = request.app.state.rosters
    return rosters


async def _limits(request: Request) -> EntryLimits:
    limits: EntryLimits = request.app.state.limits
    return limits


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


@contextmanager
def readable() -> Iterator[None]:
    """A dead database becomes a page that says so."""
    try:
        yield
    except (DatabaseUnavailable, SQLAlchemyError, OSError) as error:
        raise EntryRefused(Reason.DATABASE_AWAY) from error


async def _providers(request: Request) -> Mapping[str, OpenIdProvider | CasProvider]:
    providers: Mapping[str, OpenIdProvider | CasProvider] = request.app.state.providers
    return providers


Providers = Annotated[Mapping[str, OpenIdProvider | CasProvider], Depends(_providers)]
Settings = Annotated[GatewaySettings, Depends(_settings)]
PlatformKeySets = Annotated[PlatformKeys, Depends(_platform_keys)]
Keys = Annotated[SigningKeys, Depends(_keys)]
LaunchService = Annotated[Launches, Depends(_launches)]
SignInService = Annotated[SignIns, Depends(_sign_ins)]
RosterService = Annotated[Rosters, Depends(_rosters)]
Api = Annotated[ApiClient, Depends(_api)]
Limits = Annotated[EntryLimits, Depends(_limits)]
