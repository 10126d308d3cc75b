"""The engine's output, as lines a person reads and steps a person counts."""

import re
from dataclasses import dataclass

from mydocker_kit.contracts.values import clean_text

MAX_LINE = 2000
"""Characters; the rest of a longer line is cut."""
# Colours, cursor moves and titles that programs write when they believe in a terminal.
_CONTROL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_STEP = re.compile(r"^Step (\d+)/(\d+) : ")


def step_of(line: str) -> int | None:
    """The number in the engine's `Step 3/9 : RUN …`."""
    found = _STEP.match(line)
    return int(found[1]) if found else None


def with_total(line: str, total: int) -> str:
    """The same step line, counting the author's steps only: the engine counts our label too."""
    return _STEP.sub(rf"Step \g<1>/{total} : ", line)


def readable(line: str) -> str:
    """One line without control sequences; of a progress bar, its last state."""
    last = line.rstrip("\r").rsplit("\r", 1)[-1]
    return clean_text(_CONTROL.sub("", last))[:MAX_LINE]


@dataclass
class LineAssembler:
    """Makes lines of pieces that end anywhere."""

    _rest: str = ""

    def feed(self, piece: str) -> list[str]:
        """The lines that `piece` completes."""
        *lines, self._rest = (self._rest + piece).split("\n")
        if len(self._rest) > 16 * MAX_LINE:  # a line without end must not fill the memory
            lines.append(self._rest)
            self._rest = ""
        return [readable(line) for line in lines]

    def finish(self) -> list[str]:
        """The last line, when it had no end."""
        rest, self._rest = self._rest, ""
        return [readable(rest)] if rest else []
