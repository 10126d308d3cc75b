"""The engine's last words, translated into why a build failed."""

import re
from dataclasses import dataclass

from mydocker_kit.contracts.builds import BuildFailure
from mydocker_kit.contracts.values import clean_text

from .dockerfile import Instruction

MAX_MESSAGE = 2000
_EXIT_CODE = re.compile(r"returned a non-zero code: (\d+)")
_PARSE_ERROR = re.compile(r"[Dd]ockerfile parse error(?: on)? line (\d+): (.*)", re.DOTALL)
_KILLED = 137
"""128 + SIGKILL: with a memory limit and nobody cancelling, the kernel ended it."""


class BuildFailed(Exception):
    """Raised where a build cannot go on; carries what its author reads."""

    def __init__(self, failure: BuildFailure, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.failure, self.line = failure, line
        self.message = clean_text(message)[-MAX_MESSAGE:]


@dataclass(frozen=True)
class LastWords:
    """What the engine said when it gave up, and where."""

    error: str
    instruction: Instruction | None
    output: tuple[str, ...] = ()
    """The last lines the failing step wrote."""


def explain(words: LastWords) -> BuildFailed:
    """Why a build failed in the engine."""
    refused = _PARSE_ERROR.search(words.error)
    if refused:
        return BuildFailed(BuildFailure.DOCKERFILE_REFUSED, refused[2], int(refused[1]))
    if words.instruction is None:
        return BuildFailed(BuildFailure.ENGINE_REFUSED, words.error)
    message = "\n".join((*words.output, words.error))
    return BuildFailed(_kind(words.error, words.instruction), message, words.instruction.line)


def _kind(error: str, instruction: Instruction) -> BuildFailure:
    code = _EXIT_CODE.search(error)
    if code and int(code[1]) == _KILLED:
        return BuildFailure.OUT_OF_MEMORY
    if instruction.keyword == "FROM":
        return BuildFailure.BASE_IMAGE_MISSING
    return BuildFailure.STEP_FAILED
