"""`make release` in a clone of its own: what it refuses, what it writes, what the bundle holds."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from datetime import date
from pathlib import Path

import pytest
from deploy.machine.failures import CannotStart
from deploy.machine.instance import ROOT
from deploy.release import bundle, changelog, images, versions

LOG = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n## 0.1.0 (2026-01-02)\n\n- Old.\n"


def test_what_is_unreleased_becomes_the_section_of_the_version() -> None:
    text = changelog.with_release(LOG, "0.2.0", date(2026, 11, 29))
    assert changelog.section(text, "Unreleased") == ""
    assert changelog.section(text, "0.2.0") == "### Added\n\n- A thing."
    assert changelog.section(text, "0.1.0") == "- Old."
    assert changelog.section(text, "0.3.0") is None
    assert "## 0.2.0 (2026-11-29)" in text


@pytest.mark.parametrize("version", ["", "1", "1.2", "v1.2.3", "1.2.3-rc1", "01.2.3", "1.2.3\n"])
def test_a_version_is_three_numbers(version: str) -> None:
    with pytest.raises(CannotStart, match="no version"):
        versions.parse(version)


def test_the_bundle_builds_nothing_and_names_its_own_images() -> None:
    text = bundle.compose_file((ROOT / "docker-compose.yml").read_text("utf-8"), "9.8.7")
    named = re.findall(r"^    image: \$\{MYDOCKER_IMAGES:-mydocker\}/(\S+)$", text, re.MULTILINE)
    assert sorted(named) == sorted(f"{name}:${{MYDOCKER_VERSION:-9.8.7}}" for name in images.NAMES)
    assert text.count("pull_policy: ${MYDOCKER_PULL:-never}") == len(images.NAMES)


def test_a_compose_file_of_another_form_is_refused() -> None:
    with pytest.raises(CannotStart, match="another form"):
        bundle.compose_file("services: {}\n", "9.8.7")


class Clone:
    """This repository with its uncommitted files, committed on a branch nobody else has."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "clone", folder / "home"
        self.home.mkdir()
        self.run("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(self.folder), at=ROOT)
        listed = self.run("git", "ls-files", "-comd", "--exclude-standard", at=ROOT).split("\n")
        for name in filter(None, set(listed)):
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).exists():
                shutil.copy2(ROOT / name, target)
            else:
                target.unlink(missing_ok=True)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "tests: as it is now")
        for tag in self.git("tag", "--list").split():
            self.git("tag", "--delete", tag)

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments).strip()

    def run(self, *command: str, at: Path | None = None) -> str:
        done = self.attempt(*command, at=at)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def attempt(self, *command: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": str((at or self.folder) / "services/kit"),
            **{
                f"GIT_{who}_{what}": value
                for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "Tests"), ("EMAIL", "tests@example.org"))
            },
        }
        return subprocess.run(
            command,
            cwd=at or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def release(self, version: str) -> subprocess.CompletedProcess[str]:
        return self.attempt(
            sys.executable,
            "-m",
            "deploy.release",
            version,
            "--without-images",
            "--output",
            str(self.home),
        )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return Clone(tmp_path_factory.mktemp("release"))


def test_a_release_is_committed_tagged_and_packed(clone: Clone, tmp_path: Path) -> None:
    (clone.folder / "stray").touch()
    assert "the tree has changes" in clone.release("9.8.7").stderr
    (clone.folder / "stray").unlink()
    assert "no version" in clone.release("9.8").stderr

    done = clone.release("9.8.7")
    assert done.returncode == 0, done.stderr
    assert clone.git("status", "--porcelain") == ""
    assert clone.git("log", "-1", "--format=%s") == "release: 9.8.7"
    assert set(versions.repeated(clone.folder).values()) == {"9.8.7"}
    assert clone.git("cat-file", "-t", "v9.8.7") == "tag"
    assert "### " in clone.git("tag", "--list", "--format=%(contents)", "v9.8.7")
    assert clone.git("rev-parse", "v9.8.7^{commit}") == clone.git("rev-parse", "HEAD")
    assert clone.run("sha256sum", "--check", "SHA256SUMS", at=clone.home / "9.8.7") == (
        "mydocker-9.8.7.tar.gz: OK\n"
    )
    assert "is released" in clone.release("9.8.7").stderr
    assert "is not above 9.8.7" in clone.release("9.8.6").stderr
    assert "says nothing under 'Unreleased'" in clone.release("9.9.0").stderr

    with tarfile.open(clone.home / "9.8.7/mydocker-9.8.7.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    unpacked = tmp_path / "mydocker-9.8.7"
    for program in ("deploy.compose", "deploy.node"):
        said = clone.run(sys.executable, "-m", program, "--help", at=unpacked)
        assert f"python -m {program}" in said, program
    for absent in ("tests", "frontend", "services/api", "deploy/demo", "deploy/release"):
        assert not (unpacked / absent).exists()


def test_a_release_that_stopped_goes_on(clone: Clone) -> None:
    """The commit is there and the tag is not, as when images could not be built."""
    clone.git("tag", "--delete", "v9.8.7")
    before = clone.git("rev-parse", "HEAD")
    done = clone.release("9.8.7")
    assert done.returncode == 0, done.stderr
    assert clone.git("rev-parse", "v9.8.7^{commit}") == before
