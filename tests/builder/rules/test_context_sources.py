"""Sources that a build would not find are named with their lines."""

import pytest

from mydocker_builder.domain.context_sources import source_problems
from mydocker_kit.contracts.builder.dockerfile_checks import DockerfileCheck

PATHS = ("requirements.txt", "src", "src/app.py", "src/lib/util.py", "data/secret.env")


def problems(lines: str, ignore: str = "") -> list[tuple[int, str, str]]:
    check = DockerfileCheck(
        dockerfile=f"FROM debian:12\n{lines}\n", paths=PATHS, ignore=ignore, has_wrapper=True
    )
    return [
        (problem.line, problem.kind.value, problem.source) for problem in source_problems(check)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "COPY requirements.txt /",
        "COPY ./requirements.txt /requirements.txt /",
        "COPY . /srv",
        "COPY / /srv",
        "COPY src/ /srv/",
        "COPY data /srv/",
        'COPY ["src/app.py", "/srv/"]',
        "COPY --chown=1:1 --chmod=755 wrapper.sh /",
        "COPY Dockerfile /",
        "COPY ../../src /",
        "COPY src/*.py *.txt /",
        "COPY --from=base /anything /",
        "COPY app-${VERSION}.txt /",
        "COPY <<EOF /x\nabsent.txt\nEOF",
        "ADD https://example.org/x.tar /",
        "RUN --mount=type=bind,source=src,target=/mnt ls",
        "RUN --mount=type=bind,from=base,source=absent,target=/mnt ls",
        "RUN --mount=type=cache,target=/absent ls",
        "copy requirements.txt \\\n  src \\\n  /srv/",
    ],
)
def test_sources_that_are_there_pass(line: str) -> None:
    assert problems(line) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("COPY app.py /", (2, "source_missing", "app.py")),
        ("RUN true\nADD nothing.tar.gz /", (3, "source_missing", "nothing.tar.gz")),
        ('COPY ["src/app.py", "absent", "/srv/"]', (2, "source_missing", "absent")),
        ("COPY Requirements.txt /", (2, "source_missing", "Requirements.txt")),
        ("COPY *.csv /", (2, "pattern_empty", "*.csv")),
        ("RUN --mount=type=bind,src=absent,target=/m ls", (2, "source_missing", "absent")),
    ],
)
def test_a_missing_source_is_named(lines: str, expected: tuple[int, str, str]) -> None:
    assert problems(lines) == [expected]


def test_what_dockerignore_leaves_out_is_named_as_such() -> None:
    assert problems("COPY data/secret.env /", "**/*.env") == [
        (2, "source_ignored", "data/secret.env")
    ]
    assert problems("COPY data /", "data") == [(2, "source_ignored", "data")]
    assert problems("COPY wrapper.sh /", "*.sh") == [(2, "source_ignored", "wrapper.sh")]


def test_a_file_with_the_same_name_elsewhere_is_suggested() -> None:
    check = DockerfileCheck(dockerfile="FROM a\nCOPY util.py /\n", paths=PATHS)
    assert [problem.suggestion for problem in source_problems(check)] == ["src/lib/util.py"]


def test_a_dockerfile_that_cannot_be_read_has_other_problems() -> None:
    assert source_problems(DockerfileCheck(dockerfile="COPY absent /\n")) == []
