"""Commands, ports, credentials, repositories and labels."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_api.domain.courses import checks, commands
from mydocker_api.domain.edge import labels
from mydocker_api.domain.environments import credentials
from mydocker_api.domain.environments.name_parts import ADJECTIVES, SCIENTISTS
from mydocker_api.images.service import repository_of
from mydocker_kit.contracts.builder.builds import BuildRequest
from mydocker_kit.contracts.orchestrator.environments import (
    Credentials,
    Port,
    PortKind,
)


def test_a_command_is_split_as_a_shell_would() -> None:
    arguments = commands.arguments(
        "run 'two words' --u={{USERNAME}} {{ PASSWORD }}", "ada", "s c'r"
    )
    assert arguments == ("run", "two words", "--u=ada", "s c'r")
    assert commands.arguments("", "ada", "x") == ()


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_value_never_becomes_two_arguments(name: str, password: str) -> None:
    assert commands.arguments("{{USERNAME}} {{PASSWORD}}", name, password) == (name, password)


def test_what_cannot_be_read_or_is_unknown_is_named() -> None:
    assert [flaw.code for flaw in checks.command_flaws('run "open')] == ["command_unreadable"]
    assert [flaw.code for flaw in checks.command_flaws("{{HOME}}")] == ["placeholder_unknown"]
    assert not list(checks.command_flaws("run {{USERNAME}}"))


@pytest.mark.parametrize(
    ("path", "is_refused"),
    [
        ("/home/student/work", False),
        ("/home/{student}", False),
        ("/home/{{.Node.ID}}", True),
        ("/home/{{", True),
        ("/home/}}", True),
    ],
)
def test_a_path_holds_nothing_that_swarm_would_replace(path: str, is_refused: bool) -> None:
    flaws = [(flaw.field, flaw.code) for flaw in checks.path_flaws("work_path", path)]
    assert flaws == ([("work_path", "path_template")] if is_refused else [])


def test_ports_that_stand_twice_are_named_where_they_stand() -> None:
    port = Port(title="Web", kind=PortKind.WEB, number=80)
    other = Port(title="Web 2", kind=PortKind.WEB, number=80)
    assert [flaw.field for flaw in checks.port_flaws([port, other])] == [
        "ports.0.number",
        "ports.1.number",
    ]
    assert not list(checks.port_flaws([port]))


def test_credentials_are_readable_strong_and_acceptable() -> None:
    assert len(ADJECTIVES) >= 20
    assert len(SCIENTISTS) >= 60
    assert len(set(SCIENTISTS)) == len(SCIENTISTS)
    assert credentials.PASSWORD_BITS >= 80
    longest = f"{max(ADJECTIVES, key=len)}_{max(SCIENTISTS, key=len)}"
    for name in (longest, credentials.new_username()):
        assert Credentials.model_validate({"username": name, "password": "x"})
    assert len({credentials.new_password() for _ in range(100)}) == 100


@given(st.text(max_size=120))
def test_every_title_makes_a_name_the_registry_takes(title: str) -> None:
    name = repository_of(title, uuid4())
    BuildRequest(
        image_id=uuid4(), author_id=uuid4(), number=1, repository=name, dockerfile="FROM a"
    )


def test_labels_are_stable_and_apart() -> None:
    id, other = uuid4(), uuid4()
    made = labels.label(b"key", id, 80)
    assert made == labels.label(b"key", id, 80)
    assert len({made, *(labels.label(*args) for args in _others(id, other))}) == 4
    host = "env.localhost:8000"
    assert labels.label_in(f"{made.upper()}.{host}", host) == made
    for wrong in (host, f"x.{host}", f"{made}.evil.example", f"a.{made}.{host}", ""):
        assert labels.label_in(wrong, host) is None


def _others(id: UUID, other: UUID) -> list[tuple[bytes, UUID, int]]:
    return [(b"key", id, 81), (b"key", other, 80), (b"other", id, 80)]
