"""When accounts may become one, without any database."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from mydocker_api.domain.people.accounts import (
    Account,
    AccountChanged,
    AccountDisabled,
    AccountLinkOver,
    LastIdentity,
    Proved,
    SameAccount,
    SameIssuer,
    check_joins,
    check_unlinks,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
MOODLE, CAMPUS, OTHER = "https://moodle.example", "https://sso.example", "https://other.example"
MINE = Account(uuid4(), frozenset({MOODLE}))


def test_an_identity_nobody_came_by_is_linked() -> None:
    check_joins(MINE, Proved(CAMPUS, None, LATER), None, NOW)


def test_an_account_of_another_issuer_is_joined_with_all_its_identities() -> None:
    other = Account(uuid4(), frozenset({CAMPUS, OTHER}))
    check_joins(MINE, Proved(CAMPUS, other.id, LATER), other, NOW)


def test_what_is_proved_counts_for_a_while_and_once() -> None:
    for proved in (Proved(CAMPUS, None, NOW), Proved(CAMPUS, None, LATER, joined=True)):
        with pytest.raises(AccountLinkOver):
            check_joins(MINE, proved, None, NOW)


def test_ones_own_identity_is_no_other() -> None:
    with pytest.raises(SameAccount):
        check_joins(MINE, Proved(MOODLE, MINE.id, LATER), MINE, NOW)


def test_two_accounts_of_one_issuer_stay_two() -> None:
    with pytest.raises(SameIssuer):
        check_joins(MINE, Proved(MOODLE, None, LATER), None, NOW)
    other = Account(uuid4(), frozenset({CAMPUS, MOODLE}))
    with pytest.raises(SameIssuer):
        check_joins(MINE, Proved(CAMPUS, other.id, LATER), other, NOW)


def test_what_became_somebody_elses_meanwhile_is_not_taken_from_them() -> None:
    then, now = uuid4(), Account(uuid4(), frozenset({CAMPUS}))
    for proved, other in ((Proved(CAMPUS, then, LATER), now), (Proved(CAMPUS, then, LATER), None)):
        with pytest.raises(AccountChanged):
            check_joins(MINE, proved, other, NOW)
    with pytest.raises(AccountChanged):
        check_joins(MINE, Proved(CAMPUS, None, LATER), now, NOW)


def test_joining_is_no_way_round_being_disabled() -> None:
    other = Account(uuid4(), frozenset({CAMPUS}), disabled=True)
    with pytest.raises(AccountDisabled):
        check_joins(MINE, Proved(CAMPUS, other.id, LATER), other, NOW)


def test_one_way_in_is_always_left() -> None:
    first, second = uuid4(), uuid4()
    check_unlinks([first, second], first)
    with pytest.raises(LastIdentity):
        check_unlinks([first], first)
