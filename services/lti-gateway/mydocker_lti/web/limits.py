"""How often somebody may try to enter, by address and by person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mydocker_kit.rate_limits import RateLimit, RateLimited, network_of
from mydocker_kit.request_limits import note_refusal

from ..settings import GatewaySettings


class TooManyLinks(RateLimited):
    """New links and tabs of one account."""

    code, title = "too_many_links", "Too many links in a short time"


@dataclass(frozen=True)
class EntryLimits:
    """The limits of this process (`mydocker_kit.rate_limits`)."""

    by_address: RateLimit
    """Login initiations and other first steps."""
    by_person: RateLimit
    """Login initiations for one login hint."""
    answers: RateLimit
    """Answers of platforms, by address."""
    links: RateLimit
    refusals: RateLimit
    """Refused entries that are kept for operators, all together."""

    @classmethod
    def of(cls, settings: GatewaySettings) -> "EntryLimits":
        return cls(
            _each_minute(settings.launches_per_minute),
            _each_minute(settings.launches_per_person),
            _each_minute(settings.launches_per_minute),
            _each_minute(settings.links_per_minute),
            _each_minute(settings.refusals_per_minute),
        )

    def may_begin(self, address: str, now: datetime) -> bool:
        return _counted(self.by_address, "launches_per_address", network_of(address), now)

    def may_answer(self, address: str, now: datetime) -> bool:
        return _counted(self.answers, "launches_per_address", network_of(address), now)

    def may_launch(self, person: str, now: datetime) -> bool:
        return _counted(self.by_person, "launches_per_person", person, now)

    def check_link(self, user_id: UUID, now: datetime) -> None:
        """Count a new link of this person; raises when it is one too many."""
        wait = self.links.take(user_id, now.timestamp())
        if wait:
            note_refusal("links", user_id)
            raise TooManyLinks(wait)


def _each_minute(limit: int) -> RateLimit:
    return RateLimit(limit, limit)


def _counted(limit: RateLimit, name: str, key: str, now: datetime) -> bool:
    if limit.allows(key, now.timestamp()):
        return True
    note_refusal(name, key)
    return False
