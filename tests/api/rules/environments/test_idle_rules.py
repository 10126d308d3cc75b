"""When an environment that nobody uses is warned of, and stopped."""

from datetime import timedelta

import pytest
from tests.api.rules.makers import NOW

from mydocker_api.domain.environments.idleness import IdleState, IdleStep, idle_limit, next_step

HOUR, WARNING = timedelta(hours=1), timedelta(minutes=5)


def step(unused: timedelta, warned_ago: timedelta | None = None) -> IdleStep:
    """Of an environment unused for so long, warned of so long ago."""
    stops_at = None if warned_ago is None else NOW - warned_ago + WARNING
    return next_step(IdleState(HOUR, NOW - unused, stops_at), WARNING, NOW)


@pytest.mark.parametrize(
    ("unused", "warned_ago", "expected"),
    [
        (HOUR - timedelta(seconds=1), None, IdleStep.LEAVE),
        (HOUR, None, IdleStep.WARN),
        (3 * HOUR, None, IdleStep.WARN),
        (HOUR + timedelta(minutes=4), timedelta(minutes=4), IdleStep.LEAVE),
        (HOUR + WARNING, WARNING, IdleStep.STOP),
        (timedelta(minutes=1), timedelta(minutes=4), IdleStep.TAKE_BACK),
        (timedelta(minutes=1), WARNING, IdleStep.TAKE_BACK),
    ],
)
def test_a_warning_comes_before_the_stop_and_use_takes_it_back(
    unused: timedelta, warned_ago: timedelta | None, expected: IdleStep
) -> None:
    assert step(unused, warned_ago) is expected


@pytest.mark.parametrize(
    ("course", "pool", "expected"),
    [(None, None, None), (60, None, 60), (None, 90, 90), (60, 90, 60), (120, 90, 90)],
)
def test_a_course_may_set_less_than_its_pool(
    course: int | None, pool: int | None, expected: int | None
) -> None:
    assert idle_limit(course, pool) == expected
