"""The Git repository of a release: what may be released, the commit, the tag."""

from datetime import UTC, date, datetime
from pathlib import Path

from deploy.machine.commands import run
from deploy.machine.failures import CannotStart

from . import changelog, versions

CHANGELOG = Path("CHANGELOG.md")


class Repository:
    """The checkout that is released."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str, why: str = "Git refused") -> str:
        return run(["git", *arguments], why=why, folder=self.root).strip()

    def refuse_unclean(self) -> None:
        changed = self.git("status", "--porcelain")
        if changed:
            raise CannotStart(f"the tree has changes: commit them or put them aside.\n{changed}")

    def is_prepared(self, version: str) -> bool:
        """Whether the files of this version are committed, by an earlier run that stopped later."""
        text = (self.root / CHANGELOG).read_text("utf-8")
        said = versions.current(self.root) == version
        return said and changelog.section(text, version) is not None

    def refuse_unreleasable(self, version: str) -> None:
        """`CannotStart` where the version is taken, not above the last one, or undescribed."""
        wanted = versions.parse(version)
        tags = self.git("tag", "--list", "v*").split()
        if f"v{version}" in tags:
            raise CannotStart(f"{version} is released: the tag v{version} exists.")
        last = max((versions.parse(tag[1:]) for tag in tags), default=(0, 0, 0))
        if wanted <= last:
            raise CannotStart(f"{version} is not above {'.'.join(map(str, last))}, the last one.")
        if self.is_prepared(version):
            return
        text = (self.root / CHANGELOG).read_text("utf-8")
        if changelog.section(text, version) is not None:
            raise CannotStart(f"{CHANGELOG} has a section {version} already: choose another.")
        if not changelog.section(text, "Unreleased"):
            raise CannotStart(
                f"{CHANGELOG} says nothing under 'Unreleased': write what changed, and what an"
                " operator does before the upgrade."
            )

    def prepare(self, version: str, day: date) -> None:
        """Write the version and its changelog section, and commit both."""
        versions.write(self.root, version)
        path = self.root / CHANGELOG
        path.write_text(changelog.with_release(path.read_text("utf-8"), version, day), "utf-8")
        self.git("add", str(CHANGELOG), *map(str, versions.FILES))
        self.git("commit", "--quiet", "--message", f"release: {version}", why="no commit was made")

    def tag(self, version: str) -> None:
        """An annotated tag that holds the changelog's section."""
        text = (self.root / CHANGELOG).read_text("utf-8")
        notes = changelog.section(text, version) or ""
        message = f"MyDocker {version}\n\n{notes}\n"
        # Headings of the notes begin with #, which Git would take for comments.
        self.git("tag", "--annotate", "--cleanup=verbatim", f"v{version}", "--message", message)

    def revision(self) -> str:
        return self.git("rev-parse", "HEAD")

    def committed_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.git("log", "-1", "--format=%ct")), UTC)
