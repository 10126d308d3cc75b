"""Rules of webhooks: signature by the specification's own example, retries, what is sent where."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_api.domain.policy import Audience
from mydocker_api.domain.webhooks import retries, signing
from mydocker_kit.contracts.events import ChangeKind, LoggedChange

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def test_the_example_of_the_specification() -> None:
    """Values of the test of the scheme's reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    signed = signing.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_sign_while_one_replaces_the_other() -> None:
    old, new = signing.new_secret(), signing.new_secret()
    headers = signing.headers([new, old], "id", 1, b"{}")
    expected = [signing.signature(secret, "id", 1, b"{}") for secret in (new, old)]
    assert headers["webhook-signature"].split(" ") == expected
    assert old != new
    assert old.startswith("whsec_")


def test_waits_grow_to_four_hours() -> None:
    waits = [retries.wait_after(attempts) for attempts in range(1, 9)]
    assert timedelta(seconds=8) <= waits[0] <= timedelta(seconds=10)
    assert all(earlier < later for earlier, later in pairwise(waits[:6]))
    assert waits[-1] <= timedelta(hours=4)


@given(st.integers(1, 10_000), st.none() | st.integers(0, 99_999))
def test_no_wait_is_longer_than_four_hours(attempts: int, asked: int | None) -> None:
    assert timedelta(0) < retries.wait_after(attempts, asked) <= retries.LONGEST_WAIT


def test_a_receiver_that_asks_for_patience_gets_it() -> None:
    assert retries.wait_after(1, asked=3600) == timedelta(hours=1)


def test_a_delivery_is_given_up_after_a_day_of_attempts() -> None:
    now, attempts = NOW, 0
    while True:
        attempts += 1
        following = retries.next_try(NOW, attempts, now)
        if following is None:
            break
        assert now < following <= NOW + timedelta(days=1)
        now = following
    assert now == NOW + timedelta(days=1)
    assert 11 <= attempts <= 20


@pytest.mark.parametrize(
    ("failing_for", "lost"), [(None, False), (timedelta(hours=71), False), (timedelta(3), True)]
)
def test_three_days_without_one_accepted_delivery(
    failing_for: timedelta | None, lost: bool
) -> None:
    since = NOW - failing_for if failing_for else None
    assert retries.is_lost(since, NOW) is lost


ME, OTHER, OVERSEEN, JOINED, FOREIGN = (uuid4() for _ in range(5))


@pytest.mark.parametrize(
    ("kind", "course", "owner", "seen"),
    [
        (ChangeKind.COURSE, OVERSEEN, OTHER, True),
        (ChangeKind.COURSE, JOINED, OTHER, True),
        (ChangeKind.SESSION, JOINED, OTHER, True),
        (ChangeKind.SESSION, FOREIGN, OTHER, False),
        (ChangeKind.COURSE, FOREIGN, ME, True),
        (ChangeKind.ENVIRONMENT, OVERSEEN, OTHER, True),
        (ChangeKind.ENVIRONMENT, JOINED, OTHER, False),
        (ChangeKind.ENVIRONMENT, JOINED, ME, True),
        (ChangeKind.BUILD, None, ME, True),
        (ChangeKind.BUILD, None, OTHER, False),
        (ChangeKind.PLATFORM, None, None, False),
    ],
)
def test_who_learns_of_what(kind: ChangeKind, course: object, owner: object, seen: bool) -> None:
    change = LoggedChange.model_validate(
        {
            "number": 1,
            "kind": kind,
            "id": uuid4(),
            "course_id": course,
            "owner_id": owner,
            "happened_at": NOW,
        }
    )
    shown = Audience(ME, {OVERSEEN}, {JOINED}).shown(change)
    assert (shown is not None) is seen
    assert shown is None or shown.owner_id in (None, ME), "other people are not named"
    if kind is ChangeKind.PLATFORM:
        assert Audience(ME, set(), set(), operates=True).shown(change) == change
