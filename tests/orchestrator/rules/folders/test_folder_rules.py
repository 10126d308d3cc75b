"""Whom a container runs as, and whether a folder is theirs."""

import pytest

from mydocker_kit.contracts.orchestrator.work_folders import Folder, FolderUser
from mydocker_orchestrator.domain.checks.work_folders import container_user

PASSWD = """\
root:x:0:0:root:/root:/bin/bash
student:x:1000:100::/home/student:/bin/bash
broken:x:one:1
"""


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ("1000:1000", FolderUser(1000, 1000)),
        ("1000", FolderUser(1000, 100)),
        ("2000", FolderUser(2000, 0)),
        ("student", FolderUser(1000, 100)),
        ("student:50", FolderUser(1000, 50)),
        ("student:users", FolderUser(1000, 100)),
        ("", FolderUser(0, 0)),
        ("root", FolderUser(0, 0)),
        ("nobody-knows", None),
        ("broken", None),
    ],
)
def test_the_user_of_an_image_is_a_number(configured: str, expected: FolderUser | None) -> None:
    assert container_user(configured, PASSWD) == expected


@pytest.mark.parametrize(
    ("folder", "lets"),
    [
        (Folder(1000, 1000, 0o755), True),
        (Folder(1000, 1000, 0o555), False),
        (Folder(1000, 1000, 0o677), False),  # may make no entry: x is missing
        (Folder(0, 1000, 0o775), True),
        (Folder(0, 1000, 0o757), False),  # the group decides before all others
        (Folder(0, 0, 0o755), False),
        (Folder(0, 0, 0o777), True),
        (Folder(0, 0, 0o1777), True),
    ],
)
def test_the_first_class_that_fits_decides(folder: Folder, lets: bool) -> None:
    assert folder.lets_write(FolderUser(1000, 1000)) is lets
