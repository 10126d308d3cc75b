"""Rate limits per person.

All processes of the api on a machine count together (`SharedLimits`); open event streams are
counted in each process.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.limits.rate_limits import MOST_KEYS, ConcurrencyLimit, RateLimit, RateLimited
from mydocker_kit.limits.request_limits import note_refusal
from mydocker_kit.limits.shared_buckets import SharedBuckets

from ..settings import Settings

COUNTED = (
    "requests",
    "unknown_requests",
    "starts",
    "passwords",
    "key_changes",
    "build_requests",
    "joins",
)


class TooManyStreams(RateLimited):
    """Too many event streams of one person; each open page holds one."""

    code, title = "too_many_streams", "Too many pages are open"


class TooManyStarts(RateLimited):
    """Too many starts of one person."""

    code, title = "too_many_starts", "Too many starts in a short time"


class TooManyPasswords(RateLimited):
    """Too many new passwords of one person; each replaces a running environment."""

    code, title = "too_many_passwords", "Too many new passwords in a short time"


class TooManyKeyChanges(RateLimited):
    """Too many SSH keys added by one person."""

    code, title = "too_many_key_changes", "Too many new keys in a short time"


class TooManyBuildRequests(RateLimited):
    """Too many builds requested by one person; the builder limits its own queue."""

    code, title = "too_many_build_requests", "Too many builds in a short time"


class TooManyJoins(RateLimited):
    """Too many codes of join links tried by one person."""

    code, title = "too_many_joins", "Too many codes in a short time"


@dataclass(frozen=True)
class ActionLimit:
    """Rate limit of one action of a person."""

    name: str
    refusal: type[RateLimited]
    rate: RateLimit

    def check(self, person: UUID) -> None:
        """Count one more; raises the refusal above the limit."""
        wait = self.rate.take(person)
        if wait:
            note_refusal(self.name, person)
            raise self.refusal(wait)


class SharedLimits:
    """Shared memory for the counts of all processes, allocated before they fork."""

    def __init__(self) -> None:
        self._tables: dict[str, SharedBuckets] = {
            name: SharedBuckets(MOST_KEYS) for name in COUNTED
        }

    def of(self, name: str) -> SharedBuckets:
        return self._tables[name]


class Limits:
    """All limits of this process; without `shared` it counts alone."""

    def __init__(self, settings: Settings, shared: SharedLimits | None = None) -> None:
        def rate(name: str, per_minute: int, burst: int) -> RateLimit:
            return RateLimit(per_minute, max(1, burst), shared.of(name) if shared else None)

        def act(name: str, refusal: type[RateLimited], per_minute: int) -> ActionLimit:
            return ActionLimit(name, refusal, rate(name, per_minute, per_minute))

        by_person = settings.requests_per_minute
        self.requests = rate("requests", by_person, by_person // 20)
        by_address = settings.requests_per_address
        self.unknown_requests = rate("unknown_requests", by_address, by_address // 4)
        self.starts = act("starts", TooManyStarts, settings.starts_per_minute)
        self.passwords = act("passwords", TooManyPasswords, settings.password_renewals_per_minute)
        self.keys = act("key_changes", TooManyKeyChanges, settings.ssh_key_changes_per_minute)
        self.builds = act("build_requests", TooManyBuildRequests, settings.builds_per_minute)
        self.joins = act("joins", TooManyJoins, settings.joins_per_minute)
        self._streams = ConcurrencyLimit(settings.streams_per_person)

    async def stream_of(self, person: UUID) -> AsyncIterator[None]:
        """Count one more event stream until it ends; raises `TooManyStreams`."""
        with self._streams.hold(person) as has_room:
            if not has_room:
                note_refusal("streams", person)
                raise TooManyStreams(_STREAM_WAIT)
            yield


_STREAM_WAIT = 30.0
"""Seconds until a closed page no longer counts."""
