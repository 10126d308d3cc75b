"""When two accounts may become one, and when an identity may be unlinked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.errors import Conflict

LINK_LIFE = timedelta(minutes=10)
"""How long a link request stays valid."""


class AccountLinkOver(Conflict):
    """Too late, or answered before."""

    code, title = "account_link_over", "This link request is over"


class SameAccount(Conflict):
    """The identity proved is one of the person's already."""

    code, title = "same_account", "This is your account already"


class SameIssuer(Conflict):
    """Both accounts have an identity of one issuer; roles and scores name one of them."""

    code, title = "same_issuer", "You have another account of the same place already"


class AccountDisabled(Conflict):
    """A disabled account cannot be joined: that would undo the operator's decision."""

    code, title = "account_disabled", "The other account is disabled"


class AccountChanged(Conflict):
    """The other account became somebody else's after it was proved."""

    code, title = "account_changed", "The other account has changed meanwhile"


class LastIdentity(Conflict):
    """Without any, nobody could come back to the account."""

    code, title = "last_identity", "This is your only way in"


@dataclass(frozen=True)
class Account:
    """The facts of an account that the rules need."""

    id: UUID
    issuers: frozenset[str]
    disabled: bool = False


@dataclass(frozen=True)
class Proved:
    """A proved identity, until when the proof is valid, and whose account it was then."""

    issuer: str
    other_id: UUID | None
    expires_at: datetime
    joined: bool = False


def check_joins(mine: Account, proved: Proved, other: Account | None, now: datetime) -> None:
    """Raises unless `proved` may become an identity of `mine`, with everything of `other`."""
    if proved.joined or proved.expires_at <= now:
        raise AccountLinkOver
    if other is not None and other.id == mine.id:
        raise SameAccount
    if (other.id if other else None) != proved.other_id:
        raise AccountChanged
    theirs = other.issuers if other else frozenset({proved.issuer})
    if mine.issuers & theirs:
        raise SameIssuer
    if other is not None and other.disabled:
        raise AccountDisabled


def check_unlinks(identities: Collection[UUID], gone: UUID) -> None:
    """Raises `LastIdentity` when no identity would be left."""
    if set(identities) <= {gone}:
        raise LastIdentity
