"""Sources of COPY, ADD and bind mounts that a build would not find, by line.

BuildKit has the last word: what depends on a variable, another stage, an address or `--parents` is
left to it.
Reference: `dispatchCopy` in frontend/dockerfile/dockerfile2llb of github.com/moby/buildkit.
"""

import fnmatch
import posixpath
from collections.abc import Iterator

from mydocker_kit.contracts.builder.dockerfile_checks import (
    DockerfileCheck,
    DockerfileProblem,
    DockerfileProblemKind,
)
from mydocker_kit.contracts.builder.dockerignore import IgnoreRules

from .dockerfile import DockerfileRefused, Instruction, arguments_of, read_dockerfile

WRAPPER, DOCKERFILE = "wrapper.sh", "Dockerfile"
_COPYING = ("COPY", "ADD")
_WILDCARDS = frozenset("*?[")
_REMOTE = ("http://", "https://", "git@", "git://", "ssh://")


def source_problems(check: DockerfileCheck) -> list[DockerfileProblem]:
    """The problems of a Dockerfile; none while it cannot be read."""
    try:
        instructions = read_dockerfile(check.dockerfile)
    except DockerfileRefused:
        return []
    paths = {*check.paths, DOCKERFILE, *([WRAPPER] if check.has_wrapper else [])}
    rules = IgnoreRules.parse(check.ignore)
    present = _with_folders(path for path in paths if not rules.leaves_out(path))
    problems = []
    for instruction in instructions:
        for source in _sources(instruction):
            problem = _problem(instruction.line, source, present, paths)
            if problem is not None:
                problems.append(problem)
    return problems


def _sources(instruction: Instruction) -> Iterator[str]:
    """The local sources of an instruction."""
    flags = instruction.flags
    if instruction.keyword in _COPYING:
        if any(flag.startswith(("--from=", "--parents")) for flag in flags):
            return
        yield from filter(_is_local, arguments_of(instruction.arguments)[:-1])
    for flag in flags if instruction.keyword == "RUN" else ():
        if flag.startswith("--mount="):
            yield from filter(_is_local, _bind_source(flag.removeprefix("--mount=")))


def _bind_source(mount: str) -> list[str]:
    options = dict(option.partition("=")[::2] for option in mount.split(","))
    if options.get("type", "bind") != "bind" or "from" in options:
        return []
    return [options[name] for name in ("source", "src") if name in options]


def _is_local(source: str) -> bool:
    return not (source.startswith(("<<", *_REMOTE)) or "$" in source)


def _with_folders(paths: Iterator[str]) -> set[str]:
    """The paths and all folders above them; the folder of all is the empty path."""
    all_paths = {""}
    for path in paths:
        while path and path not in all_paths:
            all_paths.add(path)
            path = posixpath.dirname(path)
    return all_paths


def _problem(
    line: int, source: str, present: set[str], paths: set[str]
) -> DockerfileProblem | None:
    path = posixpath.normpath("/" + source.strip("\"'")).lstrip("/")
    if _WILDCARDS & set(path):
        if any(_matches(path, known) for known in present):
            return None
        kind = DockerfileProblemKind.PATTERN_EMPTY
        return DockerfileProblem(line=line, kind=kind, source=source)
    if path in present:
        return None
    is_ignored = path in paths or any(known.startswith(f"{path}/") for known in paths)
    if is_ignored:
        kind = DockerfileProblemKind.SOURCE_IGNORED
        return DockerfileProblem(line=line, kind=kind, source=source)
    name = posixpath.basename(path)
    alike = [known for known in present if posixpath.basename(known) == name]
    return DockerfileProblem(
        line=line,
        kind=DockerfileProblemKind.SOURCE_MISSING,
        source=source,
        suggestion=alike[0] if len(alike) == 1 else "",
    )


def _matches(pattern: str, path: str) -> bool:
    """Go's filepath.Match: wildcards stop at slashes."""
    wanted, parts = pattern.split("/"), path.split("/")
    return len(wanted) == len(parts) and all(
        fnmatch.fnmatchcase(part, part_pattern)
        for part, part_pattern in zip(parts, wanted, strict=True)
    )
