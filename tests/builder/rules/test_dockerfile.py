"""What a Dockerfile may ask, and what its author hears otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_builder.domain.dockerfile import DockerfileRefused, for_engine, read_dockerfile


def keywords(source: str) -> list[str]:
    return [step.keyword for step in read_dockerfile(source)]


def refusal(source: str) -> tuple[int | None, str]:
    with pytest.raises(DockerfileRefused) as refused:
        read_dockerfile(source)
    return refused.value.line, refused.value.message


def test_each_instruction_is_a_step_with_its_line_number() -> None:
    source = "# practice\nARG v=12\nFROM debian:$v AS one\n\nRUN a \\\n  # why\n\n  && b\nCMD x\n"
    steps = read_dockerfile(source)
    assert [(step.line, step.keyword) for step in steps] == [
        (2, "ARG"),
        (3, "FROM"),
        (5, "RUN"),
        (9, "CMD"),
    ]
    assert steps[2].arguments == "a   && b"


def test_windows_line_ends_and_a_byte_order_mark_are_accepted() -> None:
    assert keywords("\ufeffFROM debian:12\r\nRUN a \\\r\n && b\r\n") == ["FROM", "RUN"]


def test_keywords_may_be_small_and_parted_by_tabs() -> None:
    assert keywords("from\tdebian:12\nrun\techo") == ["FROM", "RUN"]


def test_several_stages_count_as_one_sequence() -> None:
    source = "FROM a AS x\nRUN b\nFROM --platform=linux/arm64 c\nCOPY --from=x /b /b\n"
    steps = read_dockerfile(source)
    assert len(steps) == 4
    assert steps[2].flags == ("--platform=linux/arm64",)
    assert steps[3].text == "COPY --from=x /b /b"


def test_another_escape_character_may_be_chosen() -> None:
    steps = read_dockerfile("# escape=`\nFROM a\nRUN b `\n c\\\nRUN d")
    assert [step.line for step in steps] == [2, 3, 5]


def test_a_trailing_continuation_ends_with_the_file() -> None:
    assert keywords("FROM a\nRUN b \\\n") == ["FROM", "RUN"]


@pytest.mark.parametrize(
    ("source", "line", "expected"),
    [
        ("", 1, "no FROM"),
        ("# nothing\n\n", 1, "no FROM"),
        ("RUN a\nFROM b", 1, "FROM must come first"),
        ("ARG a\nRUN b", 2, "FROM must come first"),
        ("ARG a", 1, "no FROM"),
        ("FROM a\nINSTALL b", 2, "Unknown instruction: INSTALL"),
        ("FROM a\n\nCOPY", 3, "at least one argument"),
        ("FROM a b", 1, "FROM image AS name"),
        ("# check=skip=all\n# syntax=ghcr.io/other/frontend:1\nFROM a", 2, "may be named"),
        ("# syntax=docker/dockerfile-upstream:master\nFROM a", 1, "may be named"),
        ("# syntax=docker/dockerfile:2\nFROM a", 1, "may be named"),
        ("#!/usr/bin/docker\n# syntax=other/frontend\nFROM a", 2, "may be named"),
        ("// syntax=other/frontend\nFROM a", 1, "Unknown instruction"),
        ('{"syntax": "other/frontend"}\nFROM a', 1, "Unknown instruction"),
        ("# escape=/\nFROM a", 1, "escape"),
        ("FROM a\nRUN <<EOF\necho\n EOF", 2, "no line EOF"),
        ("FROM a\nADD http://169.254.169.254/latest /x", 2, "address"),
        ("FROM a\nADD HTTPS://x/y /x", 2, "address"),
        ('FROM a\nADD ["http://x/y", "/x"]', 2, "address"),
        ('FROM a\nADD ["http://x/y", "/x"] z', 2, "address"),
        ("FROM a\nRUN echo a\\\\\nADD http://x /y", 3, "address"),
        ("FROM a\nADD git@host:repo /x", 2, "address"),
        ("FROM a\nADD --chown=1:1 b http://x /x", 2, "address"),
        ("FROM a\nONBUILD ADD http://x /y", 2, "address"),
        ("FROM a\nONBUILD FROM b", 2, "does not exist"),
        ("FROM a\nONBUILD NOPE b", 2, "Unknown instruction"),
    ],
)
def test_a_refusal_names_its_line_number(source: str, line: int, expected: str) -> None:
    at, message = refusal(source)
    assert at == line
    assert expected in message


@pytest.mark.parametrize(
    "source",
    [
        "FROM a\nONBUILD RUN b",
        "FROM a\nRUN echo $((1<<3))",
        "FROM a\nRUN grep x <<< y",
        "FROM a\nHEALTHCHECK --interval=5s CMD true\nHEALTHCHECK NONE",
        "FROM a\nADD wrapper.sh /x",
        "FROM a\nENV U=http://x\nRUN curl $U",
        "FROM a\nRUN --mount=type=cache,target=/x --mount=type=secret,id=y b",
        "FROM a\nCOPY --chmod=755 --link --parents b c",
        "FROM a\nARG u=x\nADD $u /x",
        'FROM a\nSHELL ["bash", "-c"]\nRUN [[ -e /x ]]',
        "# syntax=docker.io/docker/dockerfile:1.7-labs\nFROM a",
        "FROM a\nRUN",
    ],
)
def test_what_the_engine_reads_passes(source: str) -> None:
    assert read_dockerfile(source)


@pytest.mark.parametrize(
    ("body", "keyword"),
    [
        ("RUN <<EOF\nFROM x\nnot an instruction \\\n# comment\nEOF", "RUN"),
        ("RUN cat <<'END' > /x && cat <<\"A B\" 3<<-C\nx\nEND\ny\nA B\n\t\tC", "RUN"),
        ("COPY <<-a.txt <<b.txt /x/\n\ta.txt\nb.txt", "COPY"),
        ("RUN \\\n  cat <<EOF\nx\nEOF", "RUN"),
        ("ONBUILD RUN <<EOF\nx\nEOF", "ONBUILD"),
        ('RUN ["cat", "<<EOF"]', "RUN"),
        ("ENV x=<<EOF", "ENV"),
    ],
)
def test_heredocs_hide_their_contents(body: str, keyword: str) -> None:
    assert keywords(f"FROM a\n{body}\nCMD z") == ["FROM", keyword, "CMD"]


def test_the_engine_reads_no_syntax_directive_and_the_same_lines() -> None:
    source = "\ufeff# syntax=docker/dockerfile:1\r\n# escape=`\r\nFROM a\r\n"
    assert for_engine(source) == "# escape=`\n#\nFROM a\n"
    assert for_engine("# syntax = docker/dockerfile\nFROM a") == "#\nFROM a"
    assert for_engine("FROM a\n# syntax=x") == "FROM a\n# syntax=x"


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_its_line_number(source: str) -> None:
    lines: list[int | None] = [1]
    try:
        read_dockerfile("FROM a\n" + source)
    except DockerfileRefused as refused:
        lines.append(refused.line)
    assert all(line is not None and line >= 1 for line in lines)
