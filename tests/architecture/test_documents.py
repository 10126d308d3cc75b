"""What documents and code point at is in the repository: links, paths, and cited documents."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"`([^`\n]+)`")
_ROOTS = ("services/", "deploy/", "tests/", "frontend/", "docs/", "tools/", "requirements/")
_PACKAGES = {
    "mydocker_kit": "services/kit",
    "mydocker_api": "services/api",
    "mydocker_orchestrator": "services/orchestrator",
    "mydocker_builder": "services/builder",
    "mydocker_lti": "services/lti-gateway",
    "mydocker_bastion": "services/bastion",
}
_PATH = re.compile(r"[\w./-]+")
_MADE = {"frontend/dist", "frontend/node_modules"}
_MADE_BELOW = ("deploy/compose/secrets", "deploy/compose/certificates", "deploy/compose/sign-in")
"""Made while setting up; not in the repository."""
_ELSEWHERE = re.compile(
    r"\b(platform-facts|lti-conformance)\b|(?<![\w/-])(design|product|ux|style|moodle|texts)\.md\b"
)
"""Documents of those who ordered this, which a reader of the repository does not have."""
_SOURCES = {".py", ".ts", ".tsx", ".md", ".sh", ".yml", ".toml", ".css", ""}


def _tracked(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "-co", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def documents() -> list[Path]:
    """Every page, but the changelog: it names what was."""
    return [path for path in _tracked("*.md") if path.name != "CHANGELOG.md"]


def _paths_in(text: str) -> Iterator[str]:
    for code in _CODE.findall(text):
        for path in code.split():
            path = path.rstrip(".,:;/")
            if not _PATH.fullmatch(path) or path in _MADE or path.startswith(_MADE_BELOW):
                continue
            package = path.split("/")[0].split(".")[0]
            if path.startswith(_ROOTS):
                yield path
            elif package in _PACKAGES and "/" in path:
                yield f"{_PACKAGES[package]}/{path}"


def test_every_link_of_a_document_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in documents()
        for target in _LINK.findall(page.read_text("utf-8"))
        if "://" not in target and not target.startswith("mailto:")
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_path_that_a_document_names_exists() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {path}"
        for page in documents()
        for path in _paths_in(page.read_text("utf-8"))
        if not (ROOT / path).exists()
    ]
    assert missing == []


def test_every_page_that_code_names_exists() -> None:
    named = re.compile(r"\bdocs/[\w/-]+\.md\b")
    missing = [
        f"{path.relative_to(ROOT)}: {page}"
        for path in _tracked()
        if path.suffix in _SOURCES
        for page in named.findall(path.read_text("utf-8", errors="replace"))
        if not (ROOT / page).exists()
    ]
    assert missing == []


def test_nothing_cites_a_document_that_is_not_here() -> None:
    citing = [
        f"{path.relative_to(ROOT)}: {citation[0]}"
        for path in _tracked()
        if path.suffix in _SOURCES and path != Path(__file__)
        for citation in [_ELSEWHERE.search(path.read_text("utf-8", errors="replace"))]
        if citation
    ]
    assert citing == []
