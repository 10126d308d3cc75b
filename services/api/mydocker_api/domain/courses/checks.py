"""Validation rules of Courses and Images, field by field."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.orchestrator.environments import Port
from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.contracts.values import is_visible

from ..statuses import CourseStatus
from . import commands, links


@dataclass(frozen=True)
class Flaw:
    """One field that is wrong, a code for its translated sentence, and the sentence in English."""

    field: str
    code: str
    message: str


def title_flaws(title: str) -> Iterator[Flaw]:
    """An invisible title: only spaces or characters without a glyph."""
    if not is_visible(title):
        yield Flaw("title", "title_blank", "Give it a title")


def path_flaws(field: str, path: str) -> Iterator[Flaw]:
    """Braces of a template, which Swarm would expand."""
    if "{{" in path or "}}" in path:
        yield Flaw(field, "path_template", "A path holds no double braces")


def port_flaws(ports: Sequence[Port]) -> Iterator[Flaw]:
    """Duplicate numbers and titles, and invisible titles."""
    numbers = Counter(port.number for port in ports)
    titles = Counter(port.title for port in ports)
    for index, port in enumerate(ports):
        if numbers[port.number] > 1:
            message = f"Port {port.number} is declared twice"
            yield Flaw(f"ports.{index}.number", "port_twice", message)
        if not is_visible(port.title):
            yield Flaw(f"ports.{index}.title", "title_blank", "Give it a title")
        if titles[port.title] > 1:
            message = f"Two ports are called {port.title}"
            yield Flaw(f"ports.{index}.title", "port_title_twice", message)


def resource_flaws(
    cpu: float | None, memory_mib: int | None, gpu: int | None, pool: Pool | None
) -> Iterator[Flaw]:
    """An unknown pool, or more than the pool gives."""
    if pool is None:
        yield Flaw("resources.pool", "pool_unknown", "There is no such kind of machine")
        return
    if cpu is not None and cpu > pool.max_cpu:
        message = f"At most {pool.max_cpu:g} cores"
        yield Flaw("resources.cpu", "cpu_over_maximum", message)
    if memory_mib is not None and memory_mib > pool.max_memory_mib:
        message = f"At most {pool.max_memory_mib} MiB"
        yield Flaw("resources.memory_mib", "memory_over_maximum", message)
    if gpu is not None and gpu > pool.max_gpu:
        message = f"At most {pool.max_gpu} GPUs"
        yield Flaw("resources.gpu", "gpu_over_maximum", message)


def folder_flaws(size_mib: int | None, pool: Pool | None) -> Iterator[Flaw]:
    """A work folder larger than the pool gives."""
    if size_mib is not None and pool is not None and size_mib > pool.max_folder_mib:
        message = f"At most {pool.max_folder_mib} MiB"
        yield Flaw("work_folder.size_mib", "folder_over_maximum", message)


def lease_flaws(minutes: int | None, hard_limit: int | None, pool: Pool | None) -> Iterator[Flaw]:
    """A limit that the first lease already passes, or times that the pool does not give."""
    most = pool.hard_limit_minutes if pool else None
    for field, requested in (("minutes", minutes), ("hard_limit_minutes", hard_limit)):
        if most is not None and requested is not None and requested > most:
            message = f"At most {most} minutes"
            yield Flaw(f"lease.{field}", "lease_over_maximum", message)
    if minutes is not None and hard_limit is not None and hard_limit < minutes:
        message = "The longest time is at least the time of one start"
        yield Flaw("lease.hard_limit_minutes", "hard_limit_below_lease", message)


def command_flaws(command: str) -> Iterator[Flaw]:
    """A command that cannot be split, or names a placeholder that does not exist."""
    try:
        commands.check(command)
    except commands.UnknownPlaceholder as error:
        message = f"There is no placeholder {{{{{error.name}}}}}"
        yield Flaw("command", "placeholder_unknown", message)
    except ValueError as error:
        yield Flaw("command", "command_unreadable", f"The command cannot be read: {error}")


def link_flaws(templates: Sequence[tuple[str, str]], ports: Sequence[int]) -> Iterator[Flaw]:
    """Links, as title and address, that are no link or name a port that does not exist."""
    for index, (title, url) in enumerate(templates):
        if not is_visible(title):
            yield Flaw(f"window.links.{index}.title", "title_blank", "Give it a title")
        try:
            missing = links.unknown_ports(links.parse(url), ports)
        except links.LinkRefused as error:
            yield Flaw(f"window.links.{index}.url", error.code, str(error))
            continue
        if missing:
            message = f"There is no port {missing[0]}"
            yield Flaw(f"window.links.{index}.url", "link_port_unknown", message)


def build_flaws(phase: BuildPhase | None) -> Iterator[Flaw]:
    """A Build that does not exist for this person, or is not there to run."""
    if phase is None:
        yield Flaw("build_id", "build_unknown", "There is no such build among your images")
    elif phase is not BuildPhase.SUCCEEDED:
        yield Flaw("build_id", "build_not_usable", f"This build is {phase.value}")


def status_flaws(status: CourseStatus, *, has_build: bool) -> Iterator[Flaw]:
    """A published Course without a build."""
    if status in (CourseStatus.TEST, CourseStatus.READY) and not has_build:
        yield Flaw("build_id", "build_required", "Choose a build before others may see this")
