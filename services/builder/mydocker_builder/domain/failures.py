"""Why a build failed: classifies the engine's error message."""

import re
from dataclasses import dataclass

from mydocker_kit.contracts.builds import BuildFailure
from mydocker_kit.contracts.values import clean_text

from .dockerfile import Instruction

MAX_MESSAGE = 2000
_EXIT_CODE = re.compile(r"returned a non-zero code: (\d+)")
_PARSE_ERROR = re.compile(r"[Dd]ockerfile parse error(?: on)? line (\d+): (.*)", re.DOTALL)
_KILLED = 137
"""128 + SIGKILL: without a cancel, the kernel enforced the memory limit."""


class BuildFailed(Exception):
    """A build cannot continue; carries the message for its author."""

    def __init__(self, failure: BuildFailure, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.failure, self.line = failure, line
        self.message = clean_text(message)[-MAX_MESSAGE:]


@dataclass(frozen=True)
class EngineFailure:
    """The engine's error and the instruction at which it occurred."""

    error: str
    instruction: Instruction | None
    output: tuple[str, ...] = ()
    """The last lines of output of the failing step."""


def classify(failure: EngineFailure) -> BuildFailed:
    """The kind of failure, with the message for the author."""
    refused = _PARSE_ERROR.search(failure.error)
    if refused:
        return BuildFailed(BuildFailure.DOCKERFILE_REFUSED, refused[2], int(refused[1]))
    if failure.instruction is None:
        return BuildFailed(BuildFailure.ENGINE_REFUSED, failure.error)
    message = "\n".join((*failure.output, failure.error))
    return BuildFailed(_kind(failure.error, failure.instruction), message, failure.instruction.line)


def _kind(error: str, instruction: Instruction) -> BuildFailure:
    code = _EXIT_CODE.search(error)
    if code and int(code[1]) == _KILLED:
        return BuildFailure.OUT_OF_MEMORY
    if instruction.keyword == "FROM":
        return BuildFailure.BASE_IMAGE_MISSING
    return BuildFailure.STEP_FAILED
