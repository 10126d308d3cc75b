"""A step's output as readable lines."""

import re
from dataclasses import dataclass

from mydocker_kit.contracts.values import clean_text

MAX_LINE = 2000
"""Characters; the rest of a longer line is cut."""
# Colours, cursor moves and titles that programs write to a terminal.
_CONTROL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def readable(line: str) -> str:
    """One line without control sequences; of a progress bar, its last state."""
    last = line.rstrip("\r").rsplit("\r", 1)[-1]
    return clean_text(_CONTROL.sub("", last))[:MAX_LINE]


@dataclass
class LineAssembler:
    """Joins pieces of any length into lines."""

    _rest: str = ""

    def feed(self, piece: str) -> list[str]:
        """The lines that `piece` completes."""
        *lines, self._rest = (self._rest + piece).split("\n")
        if len(self._rest) > 16 * MAX_LINE:  # bounds the memory for an endless line
            lines.append(self._rest)
            self._rest = ""
        return [readable(line) for line in lines]

    def finish(self) -> list[str]:
        """The last line, if it did not end."""
        rest, self._rest = self._rest, ""
        return [readable(rest)] if rest else []
