"""Rate limits of wrong passwords: by name, by address, and by both together."""

from datetime import datetime, timedelta

from mydocker_kit.limits.rate_limits import RateLimit, network_of

SPAN = timedelta(minutes=5)
"""The time in which a limit is restored."""


class PasswordAttempts:
    """Wrong passwords of the last minutes.

    A campus may share a single address, so an address alone is limited late; and guesses by others
    must not lock a person out, so a name alone is limited late too.
    """

    def __init__(self, per_pair: int, per_name: int, per_address: int) -> None:
        self._by_pair, self._by_name, self._by_address = (
            RateLimit(limit / (SPAN / timedelta(minutes=1)), limit)
            for limit in (per_pair, per_name, per_address)
        )

    def may_try(self, name: str, address: str, now: datetime) -> bool:
        at = now.timestamp()
        return not any(limit.wait(key, at) for limit, key in self._limits(name, address))

    def record_wrong(self, name: str, address: str, now: datetime) -> None:
        for limit, key in self._limits(name, address):
            limit.take(key, now.timestamp())

    def _limits(self, name: str, address: str) -> tuple[tuple[RateLimit, str], ...]:
        network = network_of(address)
        return (
            (self._by_pair, f"{name} {network}"),
            (self._by_name, name),
            (self._by_address, network),
        )
