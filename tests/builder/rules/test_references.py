"""References of images are read as registries read them, and compared with what is allowed."""

import pytest

from mydocker_builder.domain.references import (
    ReferenceInvalid,
    is_within,
    parse_prefixes,
    parse_reference,
)

DIGEST = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("typed", "full", "sought"),
    [
        ("debian", "docker.io/library/debian:latest", None),
        ("debian:12", "docker.io/library/debian:12", None),
        (" jupyter/base:lab-4 ", "docker.io/jupyter/base:lab-4", None),
        ("index.docker.io/debian:12", "docker.io/library/debian:12", None),
        ("ghcr.io/school/tool:2", "ghcr.io/school/tool:2", None),
        ("registry:5000/tool", "registry:5000/tool:latest", None),
        ("localhost/tool:1", "localhost/tool:1", None),
        ("10.0.0.5:5000/a/b__c-d:x", "10.0.0.5:5000/a/b__c-d:x", None),
        (f"ghcr.io/a/b@{DIGEST}", f"ghcr.io/a/b@{DIGEST}", f"ghcr.io/a/b@{DIGEST}"),
        (f"ghcr.io/a/b:1@{DIGEST}", f"ghcr.io/a/b:1@{DIGEST}", f"ghcr.io/a/b@{DIGEST}"),
    ],
)
def test_a_reference_has_a_full_form(typed: str, full: str, sought: str | None) -> None:
    reference = parse_reference(typed)
    assert str(reference) == full
    assert reference.sought == (sought or full)


@pytest.mark.parametrize(
    "typed",
    [
        "Debian",
        "debian:",
        "debian:12:13",
        "debian@sha256:12",
        "debian@md5:" + "a" * 64,
        "https://ghcr.io/a/b",
        "ghcr.io/../b",
        "ghcr.io//b",
        "ghcr.io/",
        "a b",
        "-a/b",
        "ghcr.io/a/b:" + "x" * 129,
        "user@host.example/a",
        "host.example:99999999/a",
        "ghcr.io/a?b=c",
    ],
)
def test_what_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ReferenceInvalid):
        parse_reference(typed)


@pytest.mark.parametrize(
    ("typed", "allowed", "inside"),
    [
        ("debian", "docker.io", True),
        ("debian", "docker.io/library", True),
        ("debian", "docker.io/library/debian", True),
        ("debian", "docker.io/library/deb", False),
        ("evil/debian", "docker.io/library", False),
        ("ghcr.io/school2/tool", "ghcr.io/school", False),
        ("ghcr.io.evil.example/tool", "ghcr.io", False),
        ("ghcr.io:444/tool", "ghcr.io", False),
        ("quay.io/a/b", "ghcr.io, quay.io/a/", True),
        ("debian", "", False),
    ],
)
def test_a_part_of_a_registry_is_no_more(typed: str, allowed: str, inside: bool) -> None:
    assert is_within(parse_reference(typed), parse_prefixes(allowed)) is inside


@pytest.mark.parametrize("text", ["debian", "https://ghcr.io", "ghcr.io/*", "ghcr.io/A", "a b.c"])
def test_a_setting_that_names_no_registry_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no name of a registry"):
        parse_prefixes(text)
