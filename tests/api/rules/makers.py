"""What the pure rules are tried with."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from mydocker_api.domain.courses.opening import Availability, Opening
from mydocker_api.domain.policy import Person
from mydocker_kit.contracts.gateway.launches import ContextRole

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN = Opening(Availability.OPEN)


def a_person(*roles: ContextRole) -> Person:
    return Person(uuid4(), "Ada", None, None, frozenset(roles))
