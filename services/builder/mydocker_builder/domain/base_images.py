"""Images that a Dockerfile starts from or copies from, against the allowed registries, by line.

The source policy of the engine decides at the build; this says the same before it. Names that
depend on a variable are left to the engine.
Reference: `ParseDockerRef` in github.com/distribution/reference.
"""

from collections.abc import Iterator, Sequence

from mydocker_kit.contracts.builder.dockerfile_checks import (
    DockerfileProblem,
    DockerfileProblemKind,
)

from .dockerfile import DockerfileRefused, Instruction, read_dockerfile

_EMPTY = "scratch"


def base_problems(dockerfile: str, registries: Sequence[str]) -> list[DockerfileProblem]:
    """Images of other registries; none while the Dockerfile cannot be read."""
    try:
        instructions = read_dockerfile(dockerfile)
    except DockerfileRefused:
        return []
    return [
        DockerfileProblem(line=line, kind=DockerfileProblemKind.BASE_FORBIDDEN, source=image)
        for line, image in _images(instructions)
        if not _is_allowed(image, registries)
    ]


def _images(instructions: Sequence[Instruction]) -> Iterator[tuple[int, str]]:
    """The images with their lines; stages of the Dockerfile itself are none."""
    stages: set[str] = set()
    count = 0
    for instruction in instructions:
        if instruction.keyword == "FROM":
            image, *name = instruction.arguments.split()
            if image.lower() not in stages:
                yield instruction.line, image
            stages.add(str(count))
            count += 1
            if len(name) == 2 and name[0].upper() == "AS":
                stages.add(name[1].lower())
        else:
            for image in _copied_from(instruction):
                if image.lower() not in stages:
                    yield instruction.line, image


def _copied_from(instruction: Instruction) -> Iterator[str]:
    for flag in instruction.flags:
        if instruction.keyword in ("COPY", "ADD") and flag.startswith("--from="):
            yield flag.removeprefix("--from=")
        elif instruction.keyword == "RUN" and flag.startswith("--mount="):
            options = flag.removeprefix("--mount=").split(",")
            yield from (
                option.removeprefix("from=") for option in options if option.startswith("from=")
            )


def _is_allowed(image: str, registries: Sequence[str]) -> bool:
    if "$" in image or image.lower() == _EMPTY:
        return True
    name = _full_name(image)
    return any(
        name.startswith(f"{registry}/")
        or ("/" in registry and name.startswith((f"{registry}:", f"{registry}@")))
        or name == registry
        for registry in registries
    )


def _full_name(image: str) -> str:
    """The name with its registry, which Docker Hub's images are written without."""
    first, _, rest = image.partition("/")
    if rest and ("." in first or ":" in first or first == "localhost"):
        return image
    return f"docker.io/{image}" if rest else f"docker.io/library/{image}"
