"""Images of registries that are not allowed are named with their lines."""

import pytest

from mydocker_builder.domain.base_images import base_problems

ALLOWED = ("docker.io", "ghcr.io/school")


def refused(dockerfile: str) -> list[tuple[int, str]]:
    problems = base_problems(dockerfile, ALLOWED)
    assert {problem.kind.value for problem in problems} <= {"base_forbidden"}
    return [(problem.line, problem.source) for problem in problems]


@pytest.mark.parametrize(
    "dockerfile",
    [
        "FROM debian:12",
        "FROM library/debian@sha256:ab",
        "FROM quay/keycloak",
        "FROM --platform=linux/amd64 docker.io/jupyter/base:1 AS build\nCOPY --from=build /a /b",
        "FROM scratch",
        "FROM ghcr.io/school:1",
        "FROM ghcr.io/school/base:1",
        "ARG BASE=quay.io/x\nFROM $BASE",
        "FROM debian AS a\nFROM A\nCOPY --from=0 /a /b\nRUN --mount=type=bind,from=a,target=/x ls",
        "RUN no FROM here",
    ],
)
def test_what_may_be_fetched_is_no_problem(dockerfile: str) -> None:
    assert refused(dockerfile) == []


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("FROM quay.io/x:1", [(1, "quay.io/x:1")]),
        ("FROM ghcr.io/schoolyard/x", [(1, "ghcr.io/schoolyard/x")]),
        ("FROM ghcr.io/other/x", [(1, "ghcr.io/other/x")]),
        ("FROM localhost/x", [(1, "localhost/x")]),
        ("FROM registry:5000/x", [(1, "registry:5000/x")]),
        ("FROM debian\nCOPY --from=quay.io/x /a /b", [(2, "quay.io/x")]),
        ("FROM debian\nRUN --mount=type=bind,from=quay.io/x,target=/x ls", [(2, "quay.io/x")]),
    ],
)
def test_other_registries_are_named(dockerfile: str, expected: list[tuple[int, str]]) -> None:
    assert refused(dockerfile) == expected
