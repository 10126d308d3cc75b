"""When two accounts may become one, and when an identity may be unlinked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.errors import Conflict

LINK_LIFE = timedelta(minutes=10)
"""How long somebody may look at what would move."""


class AccountLinkOver(Conflict):
    """Too late, or answered before."""

    code, title = "account_link_over", "This link request is over"


class SameAccount(Conflict):
    """The identity proved is one of the person's already."""

    code, title = "same_account", "This is your account already"


class SameIssuer(Conflict):
    """Two accounts of one place are two people there; roles and scores name one of them."""

    code, title = "same_issuer", "You have another account of the same place already"


class AccountDisabled(Conflict):
    """Joining must not be a way round an operator's word."""

    code, title = "account_disabled", "The other account is disabled"


class AccountChanged(Conflict):
    """The other account became somebody else's after it was proved."""

    code, title = "account_changed", "The other account has changed meanwhile"


class LastIdentity(Conflict):
    """Without any, nobody could come back to the account."""

    code, title = "last_identity", "This is your only way in"


@dataclass(frozen=True)
class Account:
    """What rules see of an account."""

    id: UUID
    issuers: frozenset[str]
    disabled: bool = False


@dataclass(frozen=True)
class Proved:
    """What was proved, when by the latest it counts, and whose it was then."""

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
    """Raises when nothing would be left."""
    if set(identities) <= {gone}:
        raise LastIdentity
