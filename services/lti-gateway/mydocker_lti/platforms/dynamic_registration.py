"""LTI dynamic registration by an operator's invitation; the platform then waits for approval.

`look` changes nothing. `register` reserves the invitation for a minute while it calls the platform,
since no transaction should stay open during the call; a failure releases the invitation.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.invitations import InvitationState
from mydocker_kit.contracts.gateway.sign_ins import OWN_ISSUER
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.addresses import ForbiddenAddress, address_flaw, origin
from mydocker_kit.outgoing.client import (
    AddressForbidden,
    Answer,
    GuardedHttpClient,
    RemoteUnavailable,
)
from mydocker_kit.outgoing.reach import Reach
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.openid_configuration import (
    Configuration,
    RegistrationResponse,
    parse_configuration,
    parse_registration_response,
    tool_registration,
)
from ..domain.random_secrets import digest
from ..domain.refusals import EntryRefused, Reason
from ..metrics import INVITED
from ..models import Invitation, Registration
from . import invitations
from .service import InvitedPlatform, register_invited

log = get_logger()
_RESERVATION = timedelta(minutes=1)
_TOKEN = re.compile(r"[!-~]{1,8000}")
_INVITATION_REASONS = {
    InvitationState.USED: Reason.INVITATION_USED,
    InvitationState.EXPIRED: Reason.INVITATION_EXPIRED,
    InvitationState.WITHDRAWN: Reason.INVITATION_WITHDRAWN,
}


@dataclass(frozen=True)
class RegistrationRequest:
    """Parameters of a registration: our secret, the configuration URL, the registration token."""

    invitation: str
    configuration: str
    token: str

    @property
    def page_origin(self) -> str | None:
        """The origin of the platform's page, which shows ours in a frame."""
        return origin(self.configuration)


@dataclass(frozen=True)
class RegistrationOffer:
    """What the administrator reviews before the registration."""

    label: str
    configuration: Configuration


@dataclass(frozen=True)
class RegistrationResult:
    """A finished registration."""

    platform: Registration
    configuration: Configuration
    has_deployment: bool


class SelfRegistration:
    """Fetches configurations of platforms and registers with them."""

    def __init__(
        self,
        sessions: Sessions,
        outgoing: GuardedHttpClient,
        reach: Reach,
        app_origin: str,
        reserved_issuers: frozenset[str] = frozenset(),
    ) -> None:
        self._sessions, self._outgoing = sessions, outgoing
        self._reserved = reserved_issuers
        self._reach, self._app_origin = reach, app_origin

    async def preview(self, request: RegistrationRequest, now: datetime) -> RegistrationOffer:
        """What would be registered; leaves the invitation unused."""
        async with transaction(self._sessions) as db:
            label = (await _invitation(db, request, now)).label
        _check_request(request)
        return RegistrationOffer(label, await self._configuration(request))

    async def register(
        self, request: RegistrationRequest, claims: Collection[str], now: datetime
    ) -> RegistrationResult:
        """Register with the platform and store it as pending; `claims` are those it shares."""
        id = await self._reserve_invitation(request, now)
        try:
            configuration = await self._configuration(request)
            answer = await self._post(configuration, request, claims)
            async with transaction(self._sessions) as db:
                result = await _store_platform(db, id, configuration, answer, now)
        except BaseException as error:
            await self._release_invitation(id)
            INVITED.labels(error.reason if isinstance(error, EntryRefused) else "error").inc()
            raise
        INVITED.labels("registered").inc()
        log.info("platform.registered", registration=str(result.platform.id), invitation=str(id))
        return result

    async def _reserve_invitation(self, request: RegistrationRequest, now: datetime) -> UUID:
        async with transaction(self._sessions) as db:
            row = await _invitation(db, request, now)
            _check_request(request)
            if row.held_until is not None and row.held_until > now:
                raise EntryRefused(Reason.INVITATION_HELD, invitation=str(row.id))
            row.held_until = now + _RESERVATION
            return row.id

    async def _release_invitation(self, id: UUID) -> None:
        async with transaction(self._sessions) as db:
            (await db.get_one(Invitation, id)).held_until = None

    async def _configuration(self, request: RegistrationRequest) -> Configuration:
        allow_http = self._allows_http(request.configuration)
        if flaw := address_flaw(request.configuration, allow_http=allow_http):
            raise _address_refusal(ForbiddenAddress(flaw.code, request.configuration))
        home = origin(request.configuration)
        try:
            document = await self._outgoing.get_json(request.configuration, allow_http=allow_http)
        except AddressForbidden as error:
            raise _address_refusal(error.address) from error
        except RemoteUnavailable as error:
            raise EntryRefused(Reason.CONFIGURATION_AWAY, home=home, why=str(error)) from error
        configuration = parse_configuration(document, request.configuration, allow_http=allow_http)
        if configuration.issuer == OWN_ISSUER or configuration.issuer in self._reserved:
            raise EntryRefused(Reason.ISSUER_RESERVED, issuer=configuration.issuer)
        return configuration

    def _allows_http(self, address: str) -> bool:
        """Whether http is allowed: on loopback, and named by an operator."""
        if not address.startswith("http://") or address_flaw(address, allow_http=True):
            return False
        parts = urlsplit(address)
        return self._reach.names(parts.hostname or "", parts.port or 80)

    async def _post(
        self, configuration: Configuration, request: RegistrationRequest, claims: Collection[str]
    ) -> RegistrationResponse:
        body = tool_registration(self._app_origin, configuration, claims)
        home = origin(configuration.registration_url)
        try:
            answer = await self._outgoing.post_json(
                configuration.registration_url,
                body,
                allow_http=self._allows_http(configuration.registration_url),
                bearer=request.token,
            )
            _check(answer)
            return parse_registration_response(answer.json())
        except AddressForbidden as error:
            raise _address_refusal(error.address) from error
        except RemoteUnavailable as error:
            raise EntryRefused(Reason.REGISTRATION_AWAY, home=home, why=str(error)) from error


def _address_refusal(address: ForbiddenAddress) -> EntryRefused:
    reason = Reason.CONFIGURATION_BARRED
    return EntryRefused(reason, address, home=address.home, flaw=address.code)


async def _invitation(db: AsyncSession, request: RegistrationRequest, now: datetime) -> Invitation:
    """The open invitation, locked; refuses a used, expired or withdrawn one."""
    query = select(Invitation).where(Invitation.secret == digest(request.invitation))
    row = await db.scalar(query.with_for_update())
    if row is None:
        raise EntryRefused(Reason.INVITATION_UNKNOWN)
    state = invitations.state_of(row, now)
    if state is not InvitationState.OPEN:
        raise EntryRefused(_INVITATION_REASONS[state], invitation=str(row.id))
    return row


def _check_request(request: RegistrationRequest) -> None:
    if not request.configuration:
        raise EntryRefused(Reason.CONFIGURATION_MISSING)
    if not _TOKEN.fullmatch(request.token):
        raise EntryRefused(Reason.REGISTRATION_TOKEN_MISSING)


def _check(answer: Answer) -> None:
    """Check the status. Moodle answers an expired token with 404, a used one with 401."""
    if answer.status in (200, 201):
        return
    error_text = answer.error_text()
    if answer.status in (401, 403, 404):
        reason = Reason.REGISTRATION_TOKEN_REFUSED
        raise EntryRefused(reason, status=answer.status, word=error_text)
    raise EntryRefused(Reason.REGISTRATION_REFUSED, status=answer.status, word=error_text)


async def _store_platform(
    db: AsyncSession,
    id: UUID,
    configuration: Configuration,
    answer: RegistrationResponse,
    now: datetime,
) -> RegistrationResult:
    """Store the platform and mark the invitation as used, in one transaction."""
    row = await db.get_one(Invitation, id, with_for_update=True)
    if row.withdrawn_at is not None:
        raise EntryRefused(Reason.INVITATION_WITHDRAWN, invitation=str(id))
    platform_data = InvitedPlatform(
        name=row.label,
        issuer=configuration.issuer,
        client_id=answer.client_id,
        authorization_url=configuration.authorization_url,
        token_url=configuration.token_url,
        jwks_url=configuration.jwks_url,
        deployment_id=answer.deployment_id,
        product=configuration.product,
    )
    platform = await register_invited(db, platform_data, now)
    row.used_at, row.held_until, row.registration_id = now, None, platform.id
    return RegistrationResult(platform, configuration, answer.deployment_id is not None)
