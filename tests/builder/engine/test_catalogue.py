"""The catalogue's entries are complete and the builder would take them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from tests.builder.conftest import a_request

from mydocker_builder.domain.dockerfile import read_dockerfile
from mydocker_kit.contracts.orchestrator.environments import Port, Profile

CATALOGUE = Path(__file__).parents[3] / "deploy" / "catalogue"
ENTRIES = sorted(file.parent for file in CATALOGUE.glob("*/entry.json"))


def test_the_examples_are_there() -> None:
    assert {"openssl", "jupyterlab", "desktop"} <= {entry.name for entry in ENTRIES}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_is_complete_in_both_languages(entry: Path) -> None:
    about = json.loads((entry / "entry.json").read_text())
    for text in (about["title"], about["description"]):
        assert set(text) == {"en", "fr"}
        assert all(text.values())
    ports = [Port.model_validate(port) for port in about["ports"]]
    assert any(port.required for port in ports)
    assert Profile(about["profile"])
    assert about["work_path"].startswith("/")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_builds_from_the_one_base(entry: Path) -> None:
    dockerfile = (entry / "Dockerfile").read_text()
    wrapper = (entry / "wrapper.sh").read_text()
    a_request(dockerfile, wrapper=wrapper)
    bases = [
        instruction.arguments
        for instruction in read_dockerfile(dockerfile)
        if instruction.keyword == "FROM"
    ]
    assert bases == ["debian:12"]
    assert wrapper.startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(entry / "wrapper.sh")], check=True)


def test_a_keyboard_can_scroll_each_command_of_the_exercises(tmp_path: Path) -> None:
    """Long commands scroll sideways in their own box, which has to take the focus for that."""
    wrapper = CATALOGUE / "openssl" / "wrapper.sh"
    subprocess.run(["sh", str(wrapper), "pages", str(tmp_path)], check=True)
    for page in (tmp_path / "en.html", tmp_path / "fr.html"):
        boxes = re.findall("<pre[^>]*>", page.read_text(encoding="utf-8"))
        assert boxes
        assert set(boxes) == {'<pre tabindex="0">'}
