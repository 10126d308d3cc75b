"""Engine output becomes readable lines; failures become reasons."""

import io
import tarfile

import pytest

from mydocker_builder.domain.dockerfile import Instruction
from mydocker_builder.domain.failures import EngineFailure, classify
from mydocker_builder.domain.output import MAX_LINE, LineAssembler, readable, step_of, with_total
from mydocker_builder.worker.build_context import build_context
from mydocker_kit.contracts.builds import BuildFailure

FROM = Instruction(1, "FROM", (), "nowhere:1")
RUN = Instruction(4, "RUN", (), "make")


def test_lines_are_joined_across_pieces() -> None:
    lines = LineAssembler()
    assert lines.feed("one\ntw") == ["one"]
    assert lines.feed("o\n\nthr") == ["two", ""]
    assert lines.finish() == ["thr"]
    assert lines.finish() == []


def test_colours_and_progress_bars_are_taken_out() -> None:
    assert readable("\x1b[32mgreen\x1b[0m\x00\x07") == "green"
    assert readable(" 10%\r 50%\r100%\r") == "100%"
    assert readable("\x1b]0;title\x07text\ttab") == "text\ttab"


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    lines = LineAssembler()
    assert lines.feed("x" * 100_000) == ["x" * MAX_LINE]
    assert lines.finish() == []


def test_steps_are_recognised_and_counted_as_their_author_does() -> None:
    assert step_of("Step 3/9 : RUN make") == 3
    assert step_of("the Step 3/9 : x") is None
    assert with_total("Step 3/9 : RUN make", 8) == "Step 3/8 : RUN make"


@pytest.mark.parametrize(
    ("error", "instruction", "failure", "line"),
    [
        ("The command 'make' returned a non-zero code: 2", RUN, BuildFailure.STEP_FAILED, 4),
        ("The command 'make' returned a non-zero code: 137", RUN, BuildFailure.OUT_OF_MEMORY, 4),
        ("pull access denied for nowhere", FROM, BuildFailure.BASE_IMAGE_MISSING, 1),
        ("COPY failed: file not found in build context", RUN, BuildFailure.STEP_FAILED, 4),
        (
            "dockerfile parse error line 7: FROM requires either one or three arguments",
            None,
            BuildFailure.DOCKERFILE_REFUSED,
            7,
        ),
        ("something else", None, BuildFailure.ENGINE_REFUSED, None),
    ],
)
def test_last_words_become_a_reason(
    error: str, instruction: Instruction | None, failure: BuildFailure, line: int | None
) -> None:
    failed = classify(EngineFailure(error, instruction, ("make: *** no rule",)))
    assert (failed.failure, failed.line) == (failure, line)


def test_a_failing_step_says_what_it_said_last() -> None:
    failed = classify(EngineFailure("returned a non-zero code: 2", RUN, ("a", "b")))
    assert failed.message == "a\nb\nreturned a non-zero code: 2"


def test_the_context_holds_unix_text_and_an_executable_wrapper() -> None:
    context = build_context("FROM a\r\n", "#!/bin/sh\r\necho\r\n")
    with tarfile.open(fileobj=io.BytesIO(context)) as archive:
        files = {one.name: archive.extractfile(one) for one in archive}
        wrapper = archive.getmember("wrapper.sh")
        content = files["wrapper.sh"]
        assert content is not None
        assert content.read() == b"#!/bin/sh\necho\n"
        assert wrapper.mode == 0o755
    assert build_context("FROM a\n", "#!/bin/sh\necho\n") == context


def test_no_wrapper_means_no_file() -> None:
    with tarfile.open(fileobj=io.BytesIO(build_context("FROM a", ""))) as archive:
        assert archive.getnames() == ["Dockerfile"]
