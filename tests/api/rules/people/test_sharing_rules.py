"""Addresses count within one platform, rights include each other."""

from uuid import uuid4

import pytest

from mydocker_api.domain.policy.sharing import (
    AddressAmbiguous,
    NoPlatform,
    OtherPlatform,
    ShareKind,
    ShareRight,
    is_address,
    normal_address,
    person_of_address,
    platform_to_ask,
    rights_of,
    stronger,
)

HERE, THERE = "https://moodle.example", "https://other.example"


def test_the_platform_is_one_that_the_person_comes_from() -> None:
    assert platform_to_ask([HERE, THERE], None) == HERE
    assert platform_to_ask([HERE, THERE], THERE) == THERE
    with pytest.raises(OtherPlatform):
        platform_to_ask([HERE], THERE)
    with pytest.raises(NoPlatform):
        platform_to_ask([], None)


def test_an_address_of_two_people_names_nobody() -> None:
    ada = uuid4()
    assert person_of_address([]) is None
    assert person_of_address([ada]) == ada
    with pytest.raises(AddressAmbiguous):
        person_of_address([ada, uuid4()])


def test_each_right_includes_the_weaker_ones() -> None:
    assert stronger(ShareRight.VIEW, ShareRight.EDIT) is ShareRight.EDIT
    assert stronger(ShareRight.VIEW, ShareRight.TEST) is ShareRight.VIEW
    assert rights_of(ShareKind.IMAGE) == [ShareRight.VIEW, ShareRight.EDIT]


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("ada@example.org", True),
        ("Ada.L+lab@cs.example.org", True),
        ("ada", False),
        ("ada@example", False),
        ("ada@@example.org", False),
        ("a b@example.org", False),
        ("ada@example..org", False),
    ],
)
def test_the_form_of_an_address(text: str, usable: bool) -> None:
    assert is_address(normal_address(text)) is usable


def test_addresses_are_compared_without_case_and_spaces() -> None:
    assert normal_address(" Ada@Example.ORG ") == "ada@example.org"
