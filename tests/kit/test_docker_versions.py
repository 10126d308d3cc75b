"""Which version of Docker's API is spoken with which engine, and the sentence where none is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_kit.docker.versions import (
    NEWEST,
    OLDEST,
    ApiVersion,
    Mismatch,
    UnusableEngine,
    engine_confines,
    engine_major,
    negotiate,
)

WHERE = "unix:///run/docker.sock"


def version(newest: object, oldest: object = "1.24", engine: object = "28.5.2") -> bytes:
    return json.dumps({"Version": engine, "ApiVersion": newest, "MinAPIVersion": oldest}).encode()


@pytest.mark.parametrize(
    ("engine", "newest", "oldest", "spoken"),
    [
        ("20.10.24+dfsg1", "1.41", "1.12", "1.41"),
        ("24.0.7", "1.43", "1.12", "1.43"),
        ("26.1.5+dfsg1", "1.45", "1.24", "1.45"),
        ("28.5.2+dfsg4", "1.51", "1.24", "1.51"),
        ("28.5.2+dfsg4", "1.51", "1.44", "1.51"),  # with the floor of 29
        ("29.0.0", "1.52", "1.44", "1.51"),
        ("35.0", "1.99", "1.51", "1.51"),
    ],
)
def test_the_newest_version_that_both_know_is_spoken(
    engine: str, newest: str, oldest: str, spoken: str
) -> None:
    agreed = negotiate(version(newest, oldest, engine), WHERE)
    assert (agreed.engine, str(agreed.api), agreed.api.path) == (engine, spoken, f"v{spoken}")
    assert str(agreed) == f"Docker {engine}, API {spoken}"


def test_an_engine_that_names_no_oldest_version_has_none_that_is_too_new() -> None:
    for oldest in ("", None):
        assert negotiate(version("1.41", oldest), WHERE).api == OLDEST
    assert negotiate(b'{"ApiVersion": "1.41"}', WHERE).engine == ""


def test_versions_are_numbers_not_texts() -> None:
    assert ApiVersion.parse("1.100") > ApiVersion.parse("1.99") > ApiVersion.parse("1.9")
    assert ApiVersion.parse("2.0") > NEWEST


def test_an_engine_that_is_too_old_names_what_to_install() -> None:
    message = rf"{WHERE} \(19\.03\.15\) speaks API 1\.40 at most.*install Docker 20\.10 or newer"
    with pytest.raises(UnusableEngine, match=message) as refused:
        negotiate(version("1.40", "1.12", "19.03.15"), WHERE)
    assert (refused.value.mismatch, refused.value.engine) == (Mismatch.TOO_OLD, "19.03.15")


def test_an_engine_that_is_too_new_asks_for_an_update_of_ours() -> None:
    message = r"update MyDocker, or start dockerd with DOCKER_MIN"
    with pytest.raises(UnusableEngine, match=message) as refused:
        negotiate(version("1.70", "1.52", "31.0.0"), WHERE)
    assert refused.value.mismatch is Mismatch.TOO_NEW


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"[]",
        b'"1.41"',
        b"{}",
        b"\xff\xfe",
        version(""),
        version("1"),
        version("latest"),
        version("1.41.2"),
        version("-1.41"),
        version("1.²"),
        version(["1.41"]),
        version("1." + "9" * 5000),
        version("1.41", "none"),
    ],
)
def test_what_is_no_engine_is_said_in_one_sentence(body: bytes) -> None:
    with pytest.raises(UnusableEngine) as refused:
        negotiate(body, WHERE)
    assert refused.value.mismatch is Mismatch.UNREADABLE
    said = str(refused.value)
    assert "does not say which API versions it speaks" in said
    assert "check that a Docker engine listens there" in said
    assert len(said) < 300


VERSIONS = st.builds(ApiVersion, st.integers(0, 3), st.integers(0, 120))


@given(VERSIONS, VERSIONS)
def test_what_is_spoken_is_known_to_both_or_nothing_is(
    first: ApiVersion, second: ApiVersion
) -> None:
    oldest, newest = sorted((first, second))
    body = version(str(newest), str(oldest))
    if newest < OLDEST or oldest > NEWEST:
        with pytest.raises(UnusableEngine, match=r"(install|update) "):
            negotiate(body, WHERE)
    else:
        assert max(oldest, OLDEST) <= negotiate(body, WHERE).api <= min(newest, NEWEST)


@pytest.mark.parametrize(
    ("engine", "major", "confines"),
    [
        ("20.10.24+dfsg1", 20, False),
        ("24.0.7", 24, False),
        ("25.0.0-rc.1", 25, True),
        ("28.5.2+dfsg4", 28, True),
        ("v29", 29, True),
        ("", None, False),
        ("dev", None, False),
        ("library-import", None, False),
    ],
)
def test_the_number_of_an_engine_says_what_it_acts_on(
    engine: str, major: int | None, confines: bool
) -> None:
    assert (engine_major(engine), engine_confines(engine)) == (major, confines)
