"""Checks API tokens: by digest, with the row read again at most once a second.

Revocation needs no message between processes: each reads the row anew when what it holds is older
than `RECHECK`, so a revoked token is refused everywhere within that time. A hit costs a SHA-256 and
a dictionary look-up. The use is written down once a minute, with the same look at the row.
"""

import time
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import aliased

from mydocker_kit.contracts.events import ChangeKind
from mydocker_kit.errors import Forbidden, Unauthenticated
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Question, Sessions, transaction
from mydocker_kit.tokens import AccessToken

from ..domain.tokens import form
from ..domain.tokens.scopes import OF_KINDS, allows
from ..models import ApiToken as Row
from ..models import User

log = get_logger()
REQUIRED_SCOPE = "x-required-scope"
"""Extension of an operation in OpenAPI: the scope that an API token needs; absent: none may."""
RECHECK = 1.0
"""Seconds that a row is believed without a look at the table."""
NOTE_USE_EVERY = timedelta(minutes=1)
_REMEMBERED = 10_000
_account, _answers = aliased(User), aliased(User)
_OWNER_OPERATES = (
    select(_answers.operator_since.is_not(None) & _answers.disabled_at.is_(None))
    .join(_account, _account.service_owner_id == _answers.id)
    .where(_account.id == Row.user_id)
    .scalar_subquery()
)
"""Of a service account: whether its owner may operate the platform now; None of a person."""
_BY_DIGEST = Question(
    select(
        Row.id,
        Row.user_id,
        Row.scopes,
        Row.expires_at,
        Row.revoked_at,
        Row.last_used_at,
        _OWNER_OPERATES,
    ).where(Row.digest == bindparam("digest"))
)


class TokenUnknown(Unauthenticated):
    """No such token: mistyped, or deleted with its owner."""

    code, title = "token_unknown", "There is no such API token"


class TokenExpired(Unauthenticated):
    """Its time is over; its owner makes another one."""

    code, title = "token_expired", "This API token has expired"


class TokenRevoked(Unauthenticated):
    """Its owner or an operator has revoked it."""

    code, title = "token_revoked", "This API token was revoked"


class ServiceOwnerInactive(Forbidden):
    """Nobody answers for the service account: its owner is disabled or operates no more."""

    code, title = "service_owner_inactive", "The owner of this service account is no operator now"


class ScopeMissing(Forbidden):
    """The operation needs a scope that the token does not have; `scope` names it."""

    code, title = "scope_missing", "This API token lacks a scope"


class TokenNotAccepted(Forbidden):
    """The operation is for a signed-in person only."""

    code, title = "token_not_accepted", "This is not possible with an API token"


@dataclass(frozen=True)
class ApiToken(AccessToken):
    """An API token in use. Its own id stands in for a web session's."""

    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Remembered:
    token: ApiToken
    revoked: bool
    owner_operates: bool | None
    used_at: datetime | None
    read_at: float


class ApiTokens:
    """The tokens that this process has seen."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()

    def known(self, header: bytes) -> UUID | None:
        """Whose token this `Authorization` header holds, when it was checked before."""
        scheme, _, text = header.partition(b" ")
        token = text.decode("latin-1")
        if scheme.lower() != b"bearer" or not form.is_well_formed(token):
            return None
        held = self._remembered.get(form.digest(token))
        return held.token.user_id if held else None

    async def check(self, text: str, now: datetime) -> ApiToken:
        """The token of this text; raises unless it exists, is fresh and was not revoked."""
        if not form.is_well_formed(text):
            raise TokenUnknown
        digest = form.digest(text)
        held = self._remembered.get(digest)
        if held is None or time.monotonic() - held.read_at > RECHECK:
            held = await self._read(digest, now)
        if held.revoked:
            raise TokenRevoked
        if now >= held.token.expires_at:
            raise TokenExpired
        if held.owner_operates is False:
            raise ServiceOwnerInactive
        return held.token

    async def _read(self, digest: bytes, now: datetime) -> _Remembered:
        read_at = time.monotonic()
        row = await _BY_DIGEST.one_or_none(self._sessions, digest=digest)
        if row is None:
            self._remembered.pop(digest, None)
            raise TokenUnknown
        id, user_id, scopes, expires_at, revoked_at, used_at, owner_operates = row
        token = ApiToken(user_id, id, expires_at, frozenset(scopes))
        if revoked_at is None and (used_at is None or now - used_at >= NOTE_USE_EVERY):
            await self._note_use(id, now)
        held = _Remembered(token, revoked_at is not None, owner_operates, used_at, read_at)
        self._remembered[digest] = held
        self._remembered.move_to_end(digest)
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return held

    async def _note_use(self, id: UUID, now: datetime) -> None:
        """Several processes may note the same minute; the first one's stands."""
        stale = or_(Row.last_used_at.is_(None), Row.last_used_at <= now - NOTE_USE_EVERY)
        async with transaction(self._sessions) as db:
            await db.execute(update(Row).where(Row.id == id, stale).values(last_used_at=now))


def check_scope(token: ApiToken, required: str | None) -> None:
    """Raise unless the token may call an operation that needs `required`."""
    if required is None:
        raise TokenNotAccepted
    if not allows(token.scopes, required):
        raise ScopeMissing(scope=required)


def check_kinds(token: AccessToken, kinds: Iterable[ChangeKind]) -> None:
    """Raise unless the token may learn of all these kinds; a signed-in person may."""
    if isinstance(token, ApiToken):
        for kind in kinds:
            check_scope(token, OF_KINDS[kind])


def kinds_within(token: AccessToken, asked: Collection[ChangeKind]) -> frozenset[ChangeKind]:
    """The kinds asked for, each of which needs its scope; without any, all that scopes cover."""
    if asked or not isinstance(token, ApiToken):
        check_kinds(token, asked)
        return frozenset(asked or ChangeKind)
    covered = frozenset(kind for kind in ChangeKind if allows(token.scopes, OF_KINDS[kind]))
    if not covered:
        raise ScopeMissing(scope=OF_KINDS[ChangeKind.COURSE])
    return covered
