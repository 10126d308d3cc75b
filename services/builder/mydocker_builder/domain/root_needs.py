"""Why an image runs as root: its user, and the programs it starts that need root.

The user is the one in the image's configuration, which a base image may have set; the Dockerfile
says which line set it. Programs are looked for by name where the image starts: `CMD` and
`ENTRYPOINT` of the last stage, and the wrapper script. A name that is found is a hint for whoever
approves the build, not a proof: the script is not run.
"""

import re
from collections.abc import Iterator, Sequence

from mydocker_kit.contracts.builder.builds import RootFinding, RootFindingKind, SourceFile

from .dockerfile import Instruction

MAX_FINDINGS = 12
_ROOT = frozenset({"", "root", "0"})
# fmt: off
_PROGRAMS = (
    "sshd", "dropbear", "useradd", "adduser", "usermod", "userdel", "groupadd", "addgroup",
    "groupmod", "chpasswd", "passwd", "chown", "su", "runuser", "gosu", "su-exec", "setpriv",
    "start-stop-daemon", "service", "cron", "crond", "mount",
)
# fmt: on
_COMMAND = re.compile(
    r"(?:^|[;&|(\[\",]|\b(?:exec|then|do|else|if|env)\s)\s*\"?(?:/[\w./-]*/)?"
    rf"({'|'.join(re.escape(name) for name in _PROGRAMS)})(?=[\s\";&|)]|$)"
)
"""A program at the start of a shell command, or an argument of the JSON form."""


def root_findings(
    instructions: Sequence[Instruction], wrapper: str, user: str | None
) -> tuple[RootFinding, ...]:
    """What was found; `user` is the configured one, None where the engine did not say."""
    stage = _last_stage(instructions)
    programs = [*_programs_of_stage(stage), *_programs_of_wrapper(wrapper)]
    first = {finding.detail: finding for finding in reversed(programs)}
    ordered = [finding for finding in programs if first[finding.detail] is finding]
    return tuple([*_user(stage, user), *ordered][:MAX_FINDINGS])


def _last_stage(instructions: Sequence[Instruction]) -> Sequence[Instruction]:
    starts = [at for at, instruction in enumerate(instructions) if instruction.keyword == "FROM"]
    return instructions[starts[-1] :] if starts else ()


def _user(stage: Sequence[Instruction], user: str | None) -> Iterator[RootFinding]:
    written = [instruction for instruction in stage if instruction.keyword == "USER"]
    last = written[-1] if written else None
    name = user if user is not None else (last.arguments if last else None)
    line = last.line if last else None
    if name is not None and name.partition(":")[0] not in _ROOT:
        yield _found(RootFindingKind.OTHER_USER, SourceFile.DOCKERFILE, line, name)
    elif last is not None:
        yield _found(RootFindingKind.USER_ROOT, SourceFile.DOCKERFILE, line, last.arguments)
    else:
        yield _found(RootFindingKind.NO_USER, SourceFile.DOCKERFILE, None, "")


def _programs_of_stage(stage: Sequence[Instruction]) -> Iterator[RootFinding]:
    for keyword in ("ENTRYPOINT", "CMD"):
        written = [instruction for instruction in stage if instruction.keyword == keyword]
        for instruction in written[-1:]:
            for name in _COMMAND.findall(instruction.arguments):
                file = SourceFile.DOCKERFILE
                yield _found(RootFindingKind.PROGRAM, file, instruction.line, name)


def _programs_of_wrapper(wrapper: str) -> Iterator[RootFinding]:
    for number, line in enumerate(wrapper.split("\n"), 1):
        if not line.lstrip().startswith("#"):
            for name in _COMMAND.findall(line):
                yield _found(RootFindingKind.PROGRAM, SourceFile.WRAPPER, number, name)


def _found(kind: RootFindingKind, file: SourceFile, line: int | None, detail: str) -> RootFinding:
    return RootFinding(kind=kind, file=file, line=line, detail=detail[:80])
