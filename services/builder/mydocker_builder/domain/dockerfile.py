"""Messages about a Dockerfile before it is built: what is wrong, and in which line.

BuildKit reads the Dockerfile and decides; this reading follows its grammar only as far as messages
need it, and is no safety check (worker.source_policy is). Whatever it does not know passes.
References: https://docs.docker.com/reference/dockerfile/ and frontend/dockerfile/parser in
github.com/moby/buildkit.
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
_OWN_SYNTAX = re.compile(r"^(?:docker\.io/)?docker/dockerfile(?::1[\w.-]*|:latest)?(?:@|$)")
"""The frontend that is built into the engine."""
_HEREDOC = re.compile(r"^\d*<<(-?)([^<]+)$")
_WITH_HEREDOCS = ("RUN", "COPY", "ADD")
_WITH_ARGUMENTS = ("FROM", "COPY", "ADD", "ENV")
_FLAG = re.compile(r"^--[a-z]\S*$")
_REMOTE = re.compile(r"^(?:https?://|git://|ssh://|git@|github\.com/)", re.IGNORECASE)


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
    """The instructions of a Dockerfile, or `DockerfileRefused`."""
    lines = normalised(source).split("\n")
    escape = _read_directives(lines).escape
    instructions: list[Instruction] = []
    has_from = False
    for at, text in _logical_lines(lines, escape):
        instruction = _instruction(at, text)
        has_from = has_from or instruction.keyword == "FROM"
        if not has_from and instruction.keyword != "ARG":
            raise DockerfileRefused("FROM must come first; only ARG may stand before it.", at)
        _check(instruction)
        instructions.append(instruction)
    if not has_from:
        raise DockerfileRefused("There is no FROM: nothing says what to start from.", 1)
    return tuple(instructions)


def for_engine(source: str) -> str:
    """The text for the engine: with Unix line ends, and without `# syntax=docker/dockerfile`.

    The engine has that frontend built in, but would pull its image. Lines keep their numbers: the
    directive's line becomes a comment behind the other directives.
    """
    lines = normalised(source).split("\n")
    directives = _read_directives(lines)
    if directives.syntax_at is not None:
        del lines[directives.syntax_at]
        lines.insert(directives.end - 1, "#")
    return "\n".join(lines)


@dataclass
class _Directives:
    """The lines before the first comment or instruction; positions count from 0."""

    escape: str = "\\"
    syntax_at: int | None = None
    end: int = 0


def _read_directives(lines: list[str]) -> _Directives:
    directives, seen = _Directives(), set()
    begin = 1 if lines[0].startswith("#!") else 0
    for at, line in enumerate(lines[begin:], begin):
        directive = _DIRECTIVE.match(line.strip())
        if directive is None or directive[1].lower() not in ("escape", "syntax", "check"):
            break
        name, value = directive[1].lower(), directive[2]
        if name in seen:
            raise DockerfileRefused(f"The directive {name} stands here twice.", at + 1)
        if name == "syntax":
            if not _OWN_SYNTAX.match(value):
                message = (
                    "Only docker/dockerfile:1 may be named as syntax: remove this line, or write "
                    "# syntax=docker/dockerfile:1."
                )
                raise DockerfileRefused(message, at + 1)
            directives.syntax_at = at
        if name == "escape":
            if value not in ("\\", "`"):
                raise DockerfileRefused("The escape character is either \\ or `.", at + 1)
            directives.escape = value
        seen.add(name)
        directives.end = at + 1
    return directives


def _logical_lines(lines: list[str], escape: str) -> list[tuple[int, str]]:
    """Lines joined at their continuations, without comments, empty lines and heredocs' contents."""
    mark = re.escape(escape)
    continued = re.compile(rf"(?:(?<=[^{mark}])|^){mark}[ \t]*$")
    joined: list[tuple[int, str]] = []
    begun, text = 0, ""
    numbered = iter(enumerate(lines, 1))
    for at, line in numbered:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        begun = begun or at
        more = continued.search(line)
        text += line[: more.start()] if more else line
        if more:
            continue
        joined.append((begun, text.strip()))
        for end, strips_tabs in _heredocs(text.strip()):
            for _, body in numbered:
                if (body.lstrip("\t") if strips_tabs else body) == end:
                    break
            else:
                raise DockerfileRefused(f"The heredoc <<{end} has no line {end} at its end.", begun)
        begun, text = 0, ""
    if text.strip():
        joined.append((begun, text.strip()))
    return joined


def _heredocs(text: str) -> list[tuple[str, bool]]:
    """The last lines of the heredocs that an instruction opens, and whether `<<-` strips tabs."""
    if "<<" not in text:
        return []
    words = _words(text)
    keyword = words[0].upper() if words else ""
    if keyword == "ONBUILD" and len(words) > 1:
        keyword = words[1].upper()
    if keyword not in _WITH_HEREDOCS or _json_list(text.partition(" ")[2].lstrip()) is not None:
        return []
    opened = map(_HEREDOC.match, words)
    return [(re.sub(r"[\"']", "", heredoc[2]), heredoc[1] == "-") for heredoc in opened if heredoc]


def _words(text: str) -> list[str]:
    """Words as a shell parts them: blanks inside quotes or behind a backslash do not count."""
    return re.findall(r"""(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\]|['"\\])+""", text)


def _instruction(line: int, text: str) -> Instruction:
    name = text.split(None, 1)[0]
    rest = text[len(name) :].strip()
    keyword = name.upper()
    if keyword not in KEYWORDS:
        raise DockerfileRefused(f"Unknown instruction: {name[:40]}", line)
    flags: list[str] = []
    while (first := rest.split(None, 1)) and _FLAG.match(first[0]):
        flags.append(first[0])
        rest = first[1] if len(first) > 1 else ""
    if not rest and keyword in _WITH_ARGUMENTS:
        raise DockerfileRefused(f"{keyword} needs at least one argument.", line)
    return Instruction(line, keyword, tuple(flags), rest)


def _check(instruction: Instruction) -> None:
    match instruction.keyword:
        case "FROM":
            _check_from(instruction)
        case "ADD":
            _check_add(instruction)
        case "ONBUILD":
            _check_trigger(instruction)


def _check_from(instruction: Instruction) -> None:
    parts = instruction.arguments.split()
    if len(parts) not in (1, 3) or (len(parts) == 3 and parts[1].upper() != "AS"):
        raise DockerfileRefused("Write FROM image, or FROM image AS name.", instruction.line)


def _check_add(instruction: Instruction) -> None:
    """The engine refuses addresses itself, but without a line."""
    for source in arguments_of(instruction.arguments)[:-1]:
        if _REMOTE.match(source.strip("\"'")):
            message = "ADD of an address is not allowed; download it with RUN instead."
            raise DockerfileRefused(message, instruction.line)


def _check_trigger(instruction: Instruction) -> None:
    if not instruction.arguments:
        raise DockerfileRefused("ONBUILD needs an instruction.", instruction.line)
    trigger = _instruction(instruction.line, instruction.arguments)
    if trigger.keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        raise DockerfileRefused(f"ONBUILD {trigger.keyword} does not exist.", instruction.line)
    _check(trigger)


def arguments_of(arguments: str) -> list[str]:
    """The arguments of COPY or ADD, in its plain or its JSON form."""
    parsed = _json_list(arguments)
    return arguments.split() if parsed is None else parsed


def _json_list(text: str) -> list[str] | None:
    """The list of strings at the beginning of `text`; BuildKit, too, ignores what follows it."""
    if not text.startswith("["):
        return None
    try:
        parsed, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    is_list = isinstance(parsed, list) and all(isinstance(item, str) for item in parsed)
    return parsed if is_list else None
