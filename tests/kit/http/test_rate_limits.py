"""Token buckets: how much passes, whose, and what is forgotten."""

import os
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_kit.limits.rate_limits import (
    ConcurrencyLimit,
    RateLimit,
    RateLimited,
    network_of,
)
from mydocker_kit.limits.shared_buckets import WAYS, OwnBuckets, SharedBuckets


def test_a_burst_passes_and_then_the_rate() -> None:
    limit = RateLimit(per_minute=60, burst=5)
    assert [limit.allows("ada", 100.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert limit.take("ada", 100.0) == pytest.approx(1.0)
    assert limit.allows("ada", 101.0)
    assert not limit.allows("ada", 101.0)


def test_each_key_has_its_own() -> None:
    limit = RateLimit(per_minute=1, burst=1)
    assert limit.allows("ada", 0.0)
    assert limit.allows("bob", 0.0)
    assert not limit.allows("ada", 0.0)


def test_a_machine_that_has_just_booted() -> None:
    """The monotonic clock may be near 0: nobody waits for what they never used."""
    limit = RateLimit(per_minute=1, burst=1)
    assert limit.allows("ada", 0.01)


def test_a_refusal_costs_nothing() -> None:
    limit = RateLimit(per_minute=60, burst=1)
    assert limit.allows("ada", 0.0)
    for _ in range(1000):
        assert not limit.allows("ada", 0.5)
    assert limit.allows("ada", 1.0)


def test_looking_takes_nothing() -> None:
    limit = RateLimit(per_minute=60, burst=1)
    assert [limit.wait("ada", 0.0) for _ in range(3)] == [0.0] * 3
    limit.take("ada", 0.0)
    assert limit.wait("ada", 0.0) == pytest.approx(1.0)


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    limit = RateLimit(per_minute=60, burst=2)
    limit.take("ada", 1_000_000.0)
    limit.take("ada", 1_000_000.0)
    assert [limit.allows("ada", 3.0) for _ in range(3)] == [True, True, False]


def test_memory_is_bounded() -> None:
    buckets = OwnBuckets(100)
    limit = RateLimit(per_minute=1, burst=1, buckets=buckets)
    for number in range(1000):
        limit.take(number, 0.0)
    assert len(buckets) == 100
    assert not limit.allows(999, 0.0)
    assert limit.allows(0, 0.0)


@given(
    st.lists(st.floats(0, 120, allow_nan=False), max_size=80),
    st.integers(1, 120),
    st.integers(1, 20),
)
def test_never_more_than_burst_and_rate(moments: list[float], rate: int, burst: int) -> None:
    limit = RateLimit(rate, burst)
    passed = [at for at in sorted(moments) if limit.allows("ada", at)]
    for index, begin in enumerate(passed):
        for count, end in enumerate(passed[index:], start=1):
            assert count <= burst + (end - begin) * rate / 60 + 1e-6


def test_patience_takes_tokens_in_advance_and_no_more() -> None:
    limit = RateLimit(per_minute=60, burst=2)
    waits = [limit.take("ada", 100.0, patience=2.0) for _ in range(6)]
    assert waits == pytest.approx([0.0, 0.0, 1.0, 2.0, 3.0, 3.0])  # the last two took none
    assert limit.take("ada", 103.0, patience=2.0) == 0.0
    assert limit.take("ada", 103.0) == pytest.approx(1.0)


@given(
    st.lists(st.floats(0, 60, allow_nan=False), max_size=80),
    st.integers(1, 120),
    st.integers(1, 20),
    st.floats(0, 10),
)
def test_with_patience_the_rate_holds_when_requests_go_on(
    moments: list[float], rate: int, burst: int, patience: float
) -> None:
    limit = RateLimit(rate, burst)
    waits = [(at, limit.take("ada", at, patience=patience)) for at in sorted(moments)]
    passed = sorted(at + wait for at, wait in waits if wait <= patience)
    for index, begin in enumerate(passed):
        for count, end in enumerate(passed[index:], start=1):
            assert count <= burst + (end - begin) * rate / 60 + 1e-6


def test_a_clock_set_back_locks_nobody_out_where_nobody_waits() -> None:
    limit = RateLimit(per_minute=30, burst=30)
    for _ in range(3):
        assert limit.allows("ada", 161.0)
    assert limit.allows("ada", 100.0)


def test_forgetting_gives_a_full_bucket() -> None:
    for buckets in (None, SharedBuckets(100)):
        limit = RateLimit(per_minute=1, burst=1, buckets=buckets)
        assert limit.allows("ada", 0.0)
        limit.forget("ada")
        assert limit.allows("ada", 0.0)


def test_forked_processes_count_together() -> None:
    limit = RateLimit(per_minute=60, burst=10, buckets=SharedBuckets(1000))
    person = uuid4()
    assert limit.allows(person, 100.0)
    for _ in range(2):
        child = os.fork()
        if not child:
            passed = sum(limit.allows(person, 100.0) for _ in range(4))
            os._exit(passed)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 4
    assert [limit.allows(person, 100.0) for _ in range(3)] == [True, False, False]


def test_shared_memory_is_bounded_and_the_fullest_bucket_goes_first() -> None:
    buckets = SharedBuckets(WAYS)  # one set
    limit = RateLimit(per_minute=1, burst=1, buckets=buckets)
    for number in range(WAYS):
        assert limit.allows(f"person {number}", float(number))
    assert limit.allows("one more", 10.0)
    assert limit.allows("person 0", 10.0)  # forgotten: a full bucket
    assert not limit.allows("one more", 10.0)
    assert not limit.allows(f"person {WAYS - 1}", 10.0)


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1e6)), max_size=60))
def test_both_kinds_of_memory_say_the_same(puts: list[tuple[int, float]]) -> None:
    own, shared = OwnBuckets(4096), SharedBuckets(4096)
    for key, instant in puts:
        for buckets in (own, shared):
            buckets.put(("person", key), instant)
    for key in range(41):
        assert own.get(("person", key)) == shared.get(("person", key))


def test_so_many_at_once() -> None:
    limit = ConcurrencyLimit(2)
    with limit.hold("ada") as first, limit.hold("ada") as second, limit.hold("ada") as third:
        assert (first, second, third) == (True, True, False)
        with limit.hold("bob") as other:
            assert other
    with limit.hold("ada") as again:
        assert again


def test_a_refusal_says_when() -> None:
    assert RateLimited(0.01).retry_after == 1
    assert RateLimited(12.2).retry_after == 13


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_the_key_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_bucket_filled_to_its_patience_stays_full_whatever_is_rounded() -> None:
    """Sums of fifths of a second end a little above what the burst and the patience allow."""
    limit = RateLimit(per_minute=300, burst=15)
    waits = [limit.take("ada", now=1000.0, patience=2.0) for _ in range(100)]
    assert sum(wait <= 2.0 for wait in waits) == 25
