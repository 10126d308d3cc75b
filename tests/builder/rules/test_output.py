"""Output of steps becomes readable lines; the context is what BuildKit expects."""

from pathlib import Path

from mydocker_builder.domain.output import MAX_LINE, LineAssembler, readable
from mydocker_builder.worker.build_context import write_context


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


def test_output_without_line_breaks_does_not_fill_the_memory() -> None:
    lines = LineAssembler()
    assert lines.feed("x" * 100_000) == ["x" * MAX_LINE]
    assert lines.finish() == []


def test_the_context_holds_unix_text_and_an_executable_wrapper(tmp_path: Path) -> None:
    write_context(tmp_path, "\ufeffFROM a\r\n", "#!/bin/sh\r\necho\r\n")
    assert (tmp_path / "Dockerfile").read_bytes() == b"FROM a\n"
    wrapper = tmp_path / "wrapper.sh"
    assert wrapper.read_bytes() == b"#!/bin/sh\necho\n"
    assert wrapper.stat().st_mode & 0o777 == 0o755


def test_no_wrapper_means_no_file(tmp_path: Path) -> None:
    write_context(tmp_path, "FROM a", "")
    assert [path.name for path in tmp_path.iterdir()] == ["Dockerfile"]
