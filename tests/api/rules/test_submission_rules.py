"""When work may be submitted, and names that sort."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from mydocker_api.domain.courses.opening import Slot
from mydocker_api.domain.courses.submitting import (
    SubmissionState,
    ends_at,
    file_name,
    sorting_name,
    submission_state,
)

NOW = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _slot(begin: int, end: int) -> Slot:
    return Slot(uuid4(), NOW + begin * HOUR, NOW + end * HOUR, False, False)


@pytest.mark.parametrize(
    ("rules", "slots", "state"),
    [
        ({"allowed": False}, [], SubmissionState.NOT_ALLOWED),
        ({}, [], SubmissionState.OPEN),
        ({"until": NOW + HOUR}, [], SubmissionState.OPEN),
        ({"until": NOW}, [], SubmissionState.OVER),
        ({"in_sessions": True}, [], SubmissionState.OVER),
        ({"in_sessions": True}, [_slot(-1, 1)], SubmissionState.OPEN),
        ({"in_sessions": True}, [_slot(1, 2)], SubmissionState.BETWEEN_SESSIONS),
        ({"in_sessions": True}, [_slot(-2, 0)], SubmissionState.OVER),
        ({"in_sessions": True, "until": NOW}, [_slot(-1, 1)], SubmissionState.OVER),
    ],
)
def test_when_work_may_be_submitted(
    rules: dict[str, object], slots: list[Slot], state: SubmissionState
) -> None:
    given = {"allowed": True, "until": None, "in_sessions": False, **rules}
    assert submission_state(**given, slots=slots, now=NOW) is state  # type: ignore[arg-type]


def test_the_nearer_end_counts() -> None:
    slots = [_slot(-1, 1), _slot(-1, 3)]
    until = NOW + 2 * HOUR
    assert ends_at(until, in_sessions=True, slots=slots, now=NOW) == until
    assert ends_at(None, in_sessions=True, slots=slots, now=NOW) == NOW + 3 * HOUR
    assert ends_at(None, in_sessions=False, slots=slots, now=NOW) is None


@pytest.mark.parametrize(
    ("name", "sorted_name"),
    [
        ("Ada Lovelace", "Lovelace_Ada"),
        ("LOVELACE Ada", "LOVELACE_Ada"),
        ("Ada Marie KING LOVELACE", "KING_LOVELACE_Ada_Marie"),
        ("Zoé d'Été", "d_Ete_Zoe"),
        ("Plato", "Plato"),
        ("../../etc/passwd", "etc_passwd"),
        ("李 小龙", "小龙_李"),
        ("...", "_"),
    ],
)
def test_archives_sort_by_family_name(name: str, sorted_name: str) -> None:
    assert sorting_name(name) == sorted_name


def test_a_file_name_leaves_no_folder() -> None:
    assert file_name("TP 1/2 : Bases de données") == "TP_1_2_Bases_de_donnees"
