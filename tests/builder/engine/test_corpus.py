"""Dockerfiles in the manner of public teaching images: we read each as BuildKit does.

`buildx build --call=check` parses without building and reports the line of each instruction whose
keyword is written in mixed or differing case. So the corpus is read by us, the keywords that we
found are rewritten, and BuildKit says where it sees instructions.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builder.conftest import BuildEngine
from tests.support.long_tests import sample

from mydocker_builder.domain.dockerfile import Instruction, for_engine, read_dockerfile

CORPUS = sorted((Path(__file__).parent.parent / "corpus").glob("*.Dockerfile"))
_CASING = "ConsistentInstructionCasing"


def lines_of_odd_keywords(engine: BuildEngine, folder: Path, dockerfile: str) -> set[int]:
    """The lines at which BuildKit sees an instruction whose keyword is not written as others."""
    (folder / "Dockerfile").write_text(dockerfile, encoding="utf-8", newline="")
    command = [engine.buildx, "build", "--call=check,format=json", str(folder)]
    done = subprocess.run(
        command,
        env={**os.environ, "DOCKER_HOST": engine.url, "BUILDX_CONFIG": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    report = json.loads(done.stdout[done.stdout.index("{") :])
    error = report.get("buildError", {}).get("message", "")
    assert not error or "failed to resolve source metadata" in error, "only its base is not here"
    return {
        warning["location"]["ranges"][0]["start"]["line"]
        for warning in report.get("warnings") or ()
        if warning["ruleName"] == _CASING
    }


def rewritten(text: str, read: tuple[Instruction, ...], write: Callable[[str], str]) -> str:
    """The same text with the keyword of each instruction that we read written another way."""
    lines = text.split("\n")
    for instruction in read:
        line = lines[instruction.line - 1]
        begin = len(line) - len(line.lstrip())
        end = begin + len(instruction.keyword)
        assert line[begin:end].upper() == instruction.keyword
        lines[instruction.line - 1] = line[:begin] + write(line[begin:end]) + line[end:]
    return "\n".join(lines)


def mixed(keyword: str) -> str:
    return keyword[0].lower() + keyword[1:].upper()


def test_the_corpus_has_sixty_files() -> None:
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("path", sample(CORPUS, 4), ids=lambda path: path.stem)
def test_we_see_the_instructions_that_buildkit_sees(
    path: Path, build_engine: BuildEngine, tmp_path: Path
) -> None:
    source = path.read_bytes().decode()
    text, read = for_engine(source), read_dockerfile(source)
    first = next(at for at, parsed in enumerate(read) if parsed.keyword == "FROM")
    read = read[first:]  # of an ARG before FROM, BuildKit reports nothing
    odd = lines_of_odd_keywords(build_engine, tmp_path, rewritten(text, read, mixed))
    assert odd == {instruction.line for instruction in read}, "each of ours is BuildKit's"
    odd = lines_of_odd_keywords(build_engine, tmp_path, rewritten(text, read, str.lower))
    assert odd == set(), "each of BuildKit's is ours: none is left in capitals"
