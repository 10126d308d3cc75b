"""What is known of the entry that a request makes: a launch, a sign-in or a registration.

Code that refuses an entry raises `EntryRefused` with its reason only. Endpoints and services fill
the request's `EntryContext` as facts become known, and the refusal handler joins the two: the
context gives the page its language, the way back and who may frame it, and gives operators the
platform and the claims.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from .redaction import redacted
from .refusals import Advice, EntryRefused, Reason

_SIGN_IN_ADVICE = {
    Advice.AGAIN: Advice.SIGN_IN_AGAIN,
    Advice.COOKIES: Advice.SIGN_IN_AGAIN,
    Advice.SETUP: Advice.SIGN_IN_REFUSED,
    Advice.AWAY: Advice.SIGN_IN_AWAY,
}
"""Advice for a person who signs in without a course."""


@dataclass(frozen=True)
class Retry:
    """A form that opens the same activity in a tab of its own."""

    action: str
    method: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass
class EntryContext:
    """Facts of one request's entry; empty fields are not known yet, or do not apply."""

    registration_id: UUID | None = None
    """The platform that signed `payload`."""
    payload: object = None
    """Payload of the id_token once its signature is verified."""
    locale: str | None = None
    return_url: str | None = None
    """Where the platform takes the person back."""
    retry: Retry | None = None
    """Opens the same activity in a tab of its own, where cookies are first-party."""
    sign_in_url: str | None = None
    """Start of the sign-in, for a person who came without a platform."""
    framers: Sequence[str] = ()
    """Origins that may frame the refusal although no active platform has them: of a platform that
    registers, waits for approval or is disabled. That page offers no action.
    """

    @property
    def claims(self) -> Mapping[str, Any] | None:
        """The payload without secrets and personal data, for operators."""
        return redacted(self.payload) if self.payload is not None else None

    def facts(self, refusal: EntryRefused) -> Mapping[str, str | int | None]:
        """Facts of the refusal and its platform: codes and ids only."""
        if self.registration_id is None:
            return refusal.facts
        return {"registration": str(self.registration_id), **refusal.facts}

    def advice(self, refusal: EntryRefused) -> Advice:
        """What the person is advised to do."""
        if self.sign_in_url is None:
            return refusal.advice
        return _SIGN_IN_ADVICE.get(refusal.advice, refusal.advice)

    def retry_for(self, refusal: EntryRefused) -> Retry | None:
        """The retry form, where the refusal is one that a tab of its own cures."""
        return self.retry if refusal.reason is Reason.STATE_COOKIE_MISSING else None
