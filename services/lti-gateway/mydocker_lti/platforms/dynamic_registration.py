"""A platform registers us by itself, with an operator's invitation, and then waits for approval.

Looking changes nothing. Registering holds the invitation while the platform is asked, because its
answer takes seconds and no transaction should wait for it; what fails lets the invitation go.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.invitations import InvitationState
from mydocker_kit.contracts.sign_ins import OWN_ISSUER
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.logging import get_logger

from ..domain.addresses import BarredAddress, address_flaw, origin
from ..domain.openid_configuration import (
    Configuration,
    Registered,
    configuration_of,
    registered,
    tool_registration,
)
from ..domain.random_secrets import digest
from ..domain.reach import Reach
from ..domain.refusals import EntryRefused, Reason
from ..http_client.client import AddressBarred, Answer, Outgoing, PlatformAway
from ..metrics import INVITED
from ..models import Invitation, Registration
from . import invitations
from .service import Introduction, introduce

log = get_logger()
_HOLD = timedelta(minutes=1)
_TOKEN = re.compile(r"[!-~]{1,8000}")
_VOID = {
    InvitationState.USED: Reason.INVITATION_USED,
    InvitationState.EXPIRED: Reason.INVITATION_EXPIRED,
    InvitationState.WITHDRAWN: Reason.INVITATION_WITHDRAWN,
}


@dataclass(frozen=True)
class Asked:
    """What the platform's page brings: our secret, its configuration's address, its permission."""

    invitation: str
    configuration: str
    token: str

    @property
    def framer(self) -> str | None:
        """The origin of the platform's page, which shows ours in a frame."""
        return origin(self.configuration)


@dataclass(frozen=True)
class Offer:
    """What the person is shown before anything is registered."""

    label: str
    configuration: Configuration


@dataclass(frozen=True)
class Joined:
    """How it ended."""

    platform: Registration
    configuration: Configuration
    has_deployment: bool


class SelfRegistration:
    """Looks at platforms and registers with them."""

    def __init__(
        self,
        sessions: Sessions,
        outgoing: Outgoing,
        reach: Reach,
        app_origin: str,
        reserved_issuers: frozenset[str] = frozenset(),
    ) -> None:
        self._sessions, self._outgoing = sessions, outgoing
        self._reserved = reserved_issuers
        self._reach, self._app_origin = reach, app_origin

    async def look(self, asked: Asked, now: datetime) -> Offer:
        """What would be registered; the invitation is neither held nor used."""
        async with transaction(self._sessions) as db:
            label = (await _invitation(db, asked, now)).label
        _check_asked(asked)
        return Offer(label, await self._configuration(asked))

    async def register(self, asked: Asked, claims: Collection[str], now: datetime) -> Joined:
        """Register, and keep the platform until an operator approves it."""
        id = await self._hold(asked, now)
        try:
            configuration = await self._configuration(asked)
            answer = await self._post(configuration, asked, claims)
            async with transaction(self._sessions) as db:
                joined = await _keep(db, id, configuration, answer, now)
        except BaseException as error:
            await self._let_go(id)
            INVITED.labels(error.reason if isinstance(error, EntryRefused) else "error").inc()
            raise
        INVITED.labels("registered").inc()
        log.info("platform.registered", registration=str(joined.platform.id), invitation=str(id))
        return joined

    async def _hold(self, asked: Asked, now: datetime) -> UUID:
        async with transaction(self._sessions) as db:
            row = await _invitation(db, asked, now)
            _check_asked(asked)
            if row.held_until is not None and row.held_until > now:
                raise EntryRefused(Reason.INVITATION_HELD, invitation=str(row.id))
            row.held_until = now + _HOLD
            return row.id

    async def _let_go(self, id: UUID) -> None:
        async with transaction(self._sessions) as db:
            (await db.get_one(Invitation, id)).held_until = None

    async def _configuration(self, asked: Asked) -> Configuration:
        allow_http = self._may_be_plain(asked.configuration)
        if flaw := address_flaw(asked.configuration, allow_http=allow_http):
            raise _barred(BarredAddress(flaw.code, asked.configuration))
        home = origin(asked.configuration)
        try:
            said = await self._outgoing.get_json(asked.configuration, allow_http=allow_http)
        except AddressBarred as error:
            raise _barred(error.address) from error
        except PlatformAway as error:
            raise EntryRefused(Reason.CONFIGURATION_AWAY, home=home, why=str(error)) from error
        configuration = configuration_of(said, asked.configuration, allow_http=allow_http)
        if configuration.issuer == OWN_ISSUER or configuration.issuer in self._reserved:
            raise EntryRefused(Reason.ISSUER_RESERVED, issuer=configuration.issuer)
        return configuration

    def _may_be_plain(self, address: str) -> bool:
        """Plain http is for a platform on this machine that an operator named."""
        if not address.startswith("http://") or address_flaw(address, allow_http=True):
            return False
        parts = urlsplit(address)
        return self._reach.names(parts.hostname or "", parts.port or 80)

    async def _post(
        self, configuration: Configuration, asked: Asked, claims: Collection[str]
    ) -> Registered:
        body = tool_registration(self._app_origin, configuration, claims)
        home = origin(configuration.registration_url)
        try:
            answer = await self._outgoing.post_json(
                configuration.registration_url,
                body,
                allow_http=self._may_be_plain(configuration.registration_url),
                bearer=asked.token,
            )
            _check(answer)
            return registered(answer.json())
        except AddressBarred as error:
            raise _barred(error.address) from error
        except PlatformAway as error:
            raise EntryRefused(Reason.REGISTRATION_AWAY, home=home, why=str(error)) from error


def _barred(address: BarredAddress) -> EntryRefused:
    reason = Reason.CONFIGURATION_BARRED
    return EntryRefused(reason, address, home=address.home, flaw=address.code)


async def _invitation(db: AsyncSession, asked: Asked, now: datetime) -> Invitation:
    """The invitation, locked, if it may still be used."""
    query = select(Invitation).where(Invitation.secret == digest(asked.invitation))
    row = await db.scalar(query.with_for_update())
    if row is None:
        raise EntryRefused(Reason.INVITATION_UNKNOWN)
    state = invitations.state_of(row, now)
    if state is not InvitationState.OPEN:
        raise EntryRefused(_VOID[state], invitation=str(row.id))
    return row


def _check_asked(asked: Asked) -> None:
    if not asked.configuration:
        raise EntryRefused(Reason.CONFIGURATION_MISSING)
    if not _TOKEN.fullmatch(asked.token):
        raise EntryRefused(Reason.REGISTRATION_TOKEN_MISSING)


def _check(answer: Answer) -> None:
    """Moodle answers an expired permission with a page that is not found, a spent one with 401."""
    if answer.status in (200, 201):
        return
    word = answer.word()
    if answer.status in (401, 403, 404):
        reason = Reason.REGISTRATION_TOKEN_REFUSED
        raise EntryRefused(reason, status=answer.status, word=word)
    raise EntryRefused(Reason.REGISTRATION_REFUSED, status=answer.status, word=word)


async def _keep(
    db: AsyncSession, id: UUID, configuration: Configuration, answer: Registered, now: datetime
) -> Joined:
    """The platform's row and the invitation's end, or neither."""
    row = await db.get_one(Invitation, id, with_for_update=True)
    if row.withdrawn_at is not None:
        raise EntryRefused(Reason.INVITATION_WITHDRAWN, invitation=str(id))
    said = Introduction(
        name=row.label,
        issuer=configuration.issuer,
        client_id=answer.client_id,
        authorization_url=configuration.authorization_url,
        token_url=configuration.token_url,
        jwks_url=configuration.jwks_url,
        deployment_id=answer.deployment_id,
        product=configuration.product,
    )
    platform = await introduce(db, said, now)
    row.used_at, row.held_until, row.registration_id = now, None, platform.id
    return Joined(platform, configuration, answer.deployment_id is not None)
