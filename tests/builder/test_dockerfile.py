"""What a Dockerfile may ask, and what its author hears otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_builder.domain.dockerfile import DockerfileRefused, read_dockerfile


def keywords(source: str) -> list[str]:
    return [one.keyword for one in read_dockerfile(source)]


def refusal(source: str) -> tuple[int | None, str]:
    with pytest.raises(DockerfileRefused) as refused:
        read_dockerfile(source)
    return refused.value.line, refused.value.message


def test_each_instruction_is_a_step_with_its_line() -> None:
    source = "# practice\nARG v=12\nFROM debian:$v AS one\n\nRUN a \\\n  # why\n\n  && b\nCMD x\n"
    steps = read_dockerfile(source)
    assert [(one.line, one.keyword) for one in steps] == [
        (2, "ARG"),
        (3, "FROM"),
        (5, "RUN"),
        (9, "CMD"),
    ]
    assert steps[2].arguments == "a   && b"


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm() -> None:
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
    assert [one.line for one in steps] == [2, 3, 5]


def test_a_trailing_continuation_ends_with_the_file() -> None:
    assert keywords("FROM a\nRUN b \\\n") == ["FROM", "RUN"]


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        ("", 1, "no FROM"),
        ("# nothing\n\n", 1, "no FROM"),
        ("RUN a\nFROM b", 1, "FROM must come first"),
        ("ARG a\nRUN b", 2, "FROM must come first"),
        ("ARG a", 1, "no FROM"),
        ("FROM a\nINSTALL b", 2, "Unknown instruction: INSTALL"),
        ("FROM a\n\nRUN", 3, "at least one argument"),
        ("FROM a b", 1, "FROM image AS name"),
        ("# syntax=docker/dockerfile:1\nFROM a", 1, "frontend"),
        ("# escape=/\nFROM a", 1, "escape"),
        ("FROM a\nRUN <<EOF\necho\nEOF", 2, "heredoc"),
        ("FROM a\nRUN cat <<'END' > /x\nEND", 2, "heredoc"),
        ("FROM a\nRUN --mount=type=cache,target=/x b", 2, "--mount"),
        ("FROM a\nCOPY --chmod=755 b c", 2, "--chmod"),
        ("FROM a\nADD http://169.254.169.254/latest /x", 2, "address"),
        ("FROM a\nADD HTTPS://x/y /x", 2, "address"),
        ('FROM a\nADD ["http://x/y", "/x"]', 2, "address"),
        ('FROM a\nADD ht"tp://x/y" /x', 2, "address"),
        ("FROM a\nADD ht\\tp://x/y /x", 2, "address"),
        ("FROM a\nADD git@host:repo /x", 2, "address"),
        ("FROM a\nADD --chown=1:1 b http://x /x", 2, "address"),
        ("FROM a\nARG u=http://x\nADD $u /x", 3, "variable"),
        ("FROM a\nONBUILD ADD http://x /y", 2, "address"),
        ("FROM a\nONBUILD FROM b", 2, "does not exist"),
        ("FROM a\nONBUILD NOPE b", 2, "Unknown instruction"),
    ],
)
def test_what_is_refused_names_its_line(source: str, line: int, word: str) -> None:
    at, message = refusal(source)
    assert at == line
    assert word in message


@pytest.mark.parametrize(
    "source",
    [
        "FROM a\nONBUILD RUN b",
        "FROM a\nRUN echo $((1<<3))",
        "FROM a\nRUN grep x <<< y",
        "FROM a\nHEALTHCHECK --interval=5s CMD true\nHEALTHCHECK NONE",
        "FROM a\nADD wrapper.sh /x",
        "FROM a\nENV U=http://x\nRUN curl $U",
    ],
)
def test_what_is_harmless_passes(source: str) -> None:
    assert read_dockerfile(source)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_its_line(source: str) -> None:
    lines: list[int | None] = [1]
    try:
        read_dockerfile("FROM a\n" + source)
    except DockerfileRefused as refused:
        lines.append(refused.line)
    assert all(line is not None and line >= 1 for line in lines)
