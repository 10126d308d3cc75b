"""Which Dockerfiles are accepted: a small parser that refuses with a line and a reason.

Follows the grammar of the engine's classic builder, which has no heredocs and no `RUN --mount`.
Reference: https://docs.docker.com/reference/dockerfile/
"""

import json
import re
from dataclasses import dataclass

# fmt: off
KEYWORDS = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK",
    "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})
# fmt: on
_DIRECTIVE = re.compile(r"^#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$")
_HEREDOC = re.compile(r"(?:^|\s)\d*<<-?[\"']?[A-Za-z_]")
_FLAG = re.compile(r"^--[a-z]\S*$")
_REMOTE = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|git@|github\.com/)", re.IGNORECASE)
_FLAGS_OF_BUILDKIT = {
    "RUN": ("--mount", "--network", "--security"),
    "COPY": ("--link", "--chmod", "--parents", "--exclude"),
    "ADD": ("--link", "--chmod", "--keep-git-dir", "--checksum", "--exclude", "--unpack"),
}


class DockerfileRefused(Exception):
    """This Dockerfile is refused; `line` counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


@dataclass(frozen=True)
class Instruction:
    """One instruction: a step of the build."""

    line: int
    keyword: str
    flags: tuple[str, ...]
    arguments: str

    @property
    def text(self) -> str:
        return " ".join((self.keyword, *self.flags, self.arguments))


def normalised(source: str) -> str:
    """The same text with Unix line ends and without a byte order mark."""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_dockerfile(source: str) -> tuple[Instruction, ...]:
    """The steps of a Dockerfile, or `DockerfileRefused`."""
    lines = normalised(source).split("\n")
    escape = _escape_of(lines)
    instructions: list[Instruction] = []
    has_from = False
    for at, text in _logical_lines(lines, escape):
        instruction = _instruction(at, text)
        has_from = has_from or instruction.keyword == "FROM"
        if not has_from and instruction.keyword != "ARG":
            raise DockerfileRefused("FROM must come first; only ARG may stand before it.", at)
        _check(instruction, escape)
        instructions.append(instruction)
    if not has_from:
        raise DockerfileRefused("There is no FROM: nothing says what to start from.", 1)
    return tuple(instructions)


def _escape_of(lines: list[str]) -> str:
    """The escape character; directives come first, even before comments."""
    escape, seen = "\\", set()
    for at, line in enumerate(lines, 1):
        directive = _DIRECTIVE.match(line.strip())
        if directive is None or directive[1].lower() not in ("escape", "syntax", "check"):
            break
        name, value = directive[1].lower(), directive[2]
        if name == "syntax":
            raise DockerfileRefused("A syntax frontend (# syntax=…) cannot be used here.", at)
        if name in seen:
            raise DockerfileRefused(f"The directive {name} stands here twice.", at)
        if name == "escape":
            if value not in ("\\", "`"):
                raise DockerfileRefused("The escape character is either \\ or `.", at)
            escape = value
        seen.add(name)
    return escape


def _logical_lines(lines: list[str], escape: str) -> list[tuple[int, str]]:
    """Lines joined at their continuations, without comments and empty lines."""
    continued = re.compile(rf"{re.escape(escape)}[ \t]*$")
    joined: list[tuple[int, str]] = []
    begun, text = 0, ""
    for at, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        begun = begun or at
        more = continued.search(line)
        text += line[: more.start()] if more else line
        if not more:
            joined.append((begun, text.strip()))
            begun, text = 0, ""
    if text.strip():
        joined.append((begun, text.strip()))
    return joined


def _instruction(line: int, text: str) -> Instruction:
    name, _, rest = text.partition(" ") if " " in text else text.partition("\t")
    name = name.split("\t")[0]
    rest = text[len(name) :].strip()
    keyword = name.upper()
    if keyword not in KEYWORDS:
        raise DockerfileRefused(f"Unknown instruction: {name[:40]}", line)
    flags: list[str] = []
    while (first := rest.split(None, 1)) and _FLAG.match(first[0]):
        flags.append(first[0])
        rest = first[1] if len(first) > 1 else ""
    if not rest and not (keyword == "HEALTHCHECK" and flags):
        raise DockerfileRefused(f"{keyword} needs at least one argument.", line)
    return Instruction(line, keyword, tuple(flags), rest)


def _check(instruction: Instruction, escape: str) -> None:
    keyword = instruction.keyword
    for flag in instruction.flags:
        if flag.split("=")[0] in _FLAGS_OF_BUILDKIT.get(keyword, ()):
            message = f"{keyword} {flag.split('=')[0]} is not available on this build engine."
            raise DockerfileRefused(message, instruction.line)
    if keyword in ("RUN", "COPY", "ADD") and _HEREDOC.search(instruction.arguments):
        raise DockerfileRefused(
            f"{keyword} cannot read a heredoc (<<) here; write several lines with {escape} "
            "or use the wrapper script.",
            instruction.line,
        )
    match keyword:
        case "FROM":
            _check_from(instruction)
        case "ADD":
            _check_add(instruction, escape)
        case "ONBUILD":
            _check_trigger(instruction, escape)


def _check_from(instruction: Instruction) -> None:
    parts = instruction.arguments.split()
    if len(parts) not in (1, 3) or (len(parts) == 3 and parts[1].upper() != "AS"):
        raise DockerfileRefused("Write FROM image, or FROM image AS name.", instruction.line)


def _check_add(instruction: Instruction, escape: str) -> None:
    """SSRF guard: refuse addresses, which the engine would fetch from inside our network.

    Variables are refused too, since they may hold an address. Quotes and escapes are removed first,
    as the engine does.
    """
    for source in _arguments(instruction.arguments)[:-1]:
        bare = source.replace('"', "").replace("'", "").replace(escape, "")
        if _REMOTE.match(bare):
            message = "ADD of an address is not allowed; download it with RUN instead."
            raise DockerfileRefused(message, instruction.line)
        if "$" in bare:
            message = "ADD of a variable is not allowed; use COPY, or download with RUN."
            raise DockerfileRefused(message, instruction.line)


def _check_trigger(instruction: Instruction, escape: str) -> None:
    trigger = _instruction(instruction.line, instruction.arguments)
    if trigger.keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        raise DockerfileRefused(f"ONBUILD {trigger.keyword} does not exist.", instruction.line)
    _check(trigger, escape)


def _arguments(arguments: str) -> list[str]:
    """The arguments of a COPY or ADD, in its plain or its JSON form."""
    if arguments.startswith("["):
        try:
            parsed = json.loads(arguments)
        except ValueError:
            parsed = None
        if isinstance(parsed, list) and all(isinstance(argument, str) for argument in parsed):
            return parsed
    return arguments.split()
