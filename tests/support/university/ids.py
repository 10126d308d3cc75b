"""How many rows of each kind there are, and the id of each."""

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mydocker_kit.contracts.orchestrator.environments import Port

ISSUER = "https://university.example"
PEOPLE, TEACHERS, COURSES, SESSIONS, IMAGES, BUILDS = 4_000, 5, 1_000, 20, 200, 5
SPACES, STUDENTS_OF_SPACE, RUNS_OF_COURSE, TOKENS, ACCOUNTS = 100, 40, 10, 2_000, 50
PORTS = (Port(title="JupyterLab", kind="web", number=8888),)
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)

Rows = list[dict[str, Any]]


def id_of(kind: str, *numbers: int) -> UUID:
    """The id of a row, the same in every database."""
    return uuid5(NAMESPACE_URL, "/".join([ISSUER, kind, *map(str, numbers)]))
