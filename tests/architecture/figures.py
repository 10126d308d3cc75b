"""Figures of the structure, as docs/reference/structure.md lists them.

`python -m tests.architecture.figures [FOLDER]` counts, for each package of a checkout: modules,
imports between them (arrows), the longest chain of imports (floors), and groups of modules that
import each other (cycles), the same between its top folders, and its widest folder. Imports are
read by grimp, which import-linter uses. Then lines, and modules of more than 300 of them.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Set
from pathlib import Path
from typing import NamedTuple

import grimp

SERVICES = ("kit", "api", "orchestrator", "builder", "lti-gateway", "bastion")
PACKAGES = (
    *("mydocker_kit", "mydocker_api", "mydocker_orchestrator", "mydocker_builder"),
    *("mydocker_lti", "mydocker_bastion", "deploy"),
)
Imports = Mapping[str, Set[str]]


class Figures(NamedTuple):
    """Counts of one package."""

    modules: int
    arrows: int
    floors: int
    cycles: int


def imports_of(package: str) -> Imports:
    graph = grimp.build_graph(package, cache_dir=None)
    return {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}


def between_folders(imports: Imports) -> Imports:
    """The same between top folders; a module at the root counts as a folder."""
    folders: dict[str, set[str]] = {}
    for name, imported in imports.items():
        folders.setdefault(_top(name), set()).update(_top(other) for other in imported)
    return {name: imported - {name} for name, imported in folders.items()}


def _top(module: str) -> str:
    return ".".join(module.split(".")[:2])


def widest(imports: Imports) -> tuple[str, int]:
    """The folder with the most modules, and how many those are."""
    folders = {name.rpartition(".")[0] for name in imports}
    modules = [name for name in imports if name not in folders]
    return Counter(name.rpartition(".")[0] for name in modules).most_common(1)[0]


def measured(imports: Imports) -> Figures:
    groups = strongly_connected(imports)
    return Figures(
        modules=len(imports),
        arrows=sum(map(len, imports.values())),
        floors=longest_chain(imports, groups),
        cycles=sum(len(group) > 1 for group in groups),
    )


def strongly_connected(imports: Imports) -> list[set[str]]:
    """Groups of modules that import each other, imported ones first (Tarjan's algorithm)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups: list[set[str]] = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        stack.append(name)
        for imported in imports[name]:
            if imported not in number:
                visit(imported)
                lowest[name] = min(lowest[name], lowest[imported])
            elif imported in stack:
                lowest[name] = min(lowest[name], number[imported])
        if lowest[name] == number[name]:
            start = stack.index(name)
            groups.append(set(stack[start:]))
            del stack[start:]

    for name in imports:
        if name not in number:
            visit(name)
    return groups


def longest_chain(imports: Imports, groups: list[set[str]]) -> int:
    """How many modules a chain of imports passes at most; a group counts once."""
    group_of = {name: at for at, group in enumerate(groups) for name in group}
    depths: list[int] = []
    for at, group in enumerate(groups):
        below = {group_of[imported] for name in group for imported in imports[name]} - {at}
        depths.append(1 + max((depths[other] for other in below), default=0))
    return max(depths)


def main(root: Path) -> None:
    sys.path[:0] = [str(root), *(str(root / "services" / service) for service in SERVICES)]
    for package in PACKAGES:
        imports = imports_of(package)
        print(package, _said(imports), "| folders:", _said(between_folders(imports)), end=" ")
        print("| widest: {} {}".format(*widest(imports)))
    for kind, patterns in (("Python", ["*.py"]), ("TypeScript", ["*.ts", "*.tsx"])):
        lengths = lines(root, *patterns)
        print(kind, f"lines={sum(lengths)} longer_than_300={sum(n > 300 for n in lengths)}")


def _said(imports: Imports) -> str:
    return " ".join(f"{name}={count}" for name, count in measured(imports)._asdict().items())


def lines(root: Path, *patterns: str) -> list[int]:
    """Lines of each tracked file, generated ones aside."""
    command = ["git", "-C", str(root), "ls-files", *patterns]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    files = [root / name for name in listed if not name.endswith((".d.ts", ".gen.ts"))]
    return [len(file.read_text("utf-8").splitlines()) for file in files if file.is_file()]


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())
