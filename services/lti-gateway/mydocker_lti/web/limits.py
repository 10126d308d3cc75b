"""Rate limits of entries, by address and by person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mydocker_kit.limits.rate_limits import RateLimit, RateLimited, network_of
from mydocker_kit.limits.request_limits import note_refusal

from ..settings import GatewaySettings


class TooManyLinks(RateLimited):
    """The account makes account links or tab codes too fast."""

    code, title = "too_many_links", "Too many links in a short time"


@dataclass(frozen=True)
class EntryLimits:
    """Rate limits of this process (`mydocker_kit.limits.rate_limits`)."""

    by_address: RateLimit
    """Login initiations, sign-ins and registrations."""
    by_person: RateLimit
    """Login initiations for one login hint."""
    answers: RateLimit
    """Authentication responses of platforms, by address."""
    links: RateLimit
    refusals: RateLimit
    """Refusals stored for operators, all addresses together."""

    @classmethod
    def of(cls, settings: GatewaySettings) -> "EntryLimits":
        return cls(
            _per_minute(settings.launches_per_minute),
            _per_minute(settings.launches_per_person),
            _per_minute(settings.launches_per_minute),
            _per_minute(settings.links_per_minute),
            _per_minute(settings.refusals_per_minute),
        )

    def allows_login(self, address: str, now: datetime) -> bool:
        return _allows(self.by_address, "launches_per_address", network_of(address), now)

    def allows_response(self, address: str, now: datetime) -> bool:
        return _allows(self.answers, "launches_per_address", network_of(address), now)

    def allows_person(self, person: str, now: datetime) -> bool:
        return _allows(self.by_person, "launches_per_person", person, now)

    def check_link(self, user_id: UUID, now: datetime) -> None:
        """Count a new link of this person; `TooManyLinks` over the limit."""
        wait = self.links.take(user_id, now.timestamp())
        if wait:
            note_refusal("links", user_id)
            raise TooManyLinks(wait)


def _per_minute(limit: int) -> RateLimit:
    return RateLimit(limit, limit)


def _allows(limit: RateLimit, name: str, key: str, now: datetime) -> bool:
    if limit.allows(key, now.timestamp()):
        return True
    note_refusal(name, key)
    return False
