"""VNC's opening words: what is understood, and what is not VNC."""

import pytest

from mydocker_bastion.desktops.vnc_auth import challenge_response
from mydocker_bastion.domain import rfb
from mydocker_bastion.domain.rfb import Minor, NotVnc, Security


@pytest.mark.parametrize(
    ("greeting", "minor"),
    [
        (b"RFB 003.003\n", Minor.THREE),
        (b"RFB 003.005\n", Minor.THREE),  # never published; some servers say it
        (b"RFB 003.007\n", Minor.SEVEN),
        (b"RFB 003.008\n", Minor.EIGHT),
        (b"RFB 003.889\n", Minor.EIGHT),  # Apple's
        (b"RFB 004.001\n", Minor.EIGHT),
    ],
)
def test_the_newest_version_that_both_speak(greeting: bytes, minor: Minor) -> None:
    assert rfb.negotiated_version(greeting) is minor


def test_we_greet_in_the_same_form() -> None:
    assert [minor.greeting for minor in Minor] == [
        *(b"RFB 003.003\n", b"RFB 003.007\n", b"RFB 003.008\n")
    ]
    assert Minor.EIGHT.greeting == rfb.NEWEST


@pytest.mark.parametrize(
    "greeting",
    [b"", b"RFB 003.008", b"RFB 3.8\n", b"SSH-2.0-OpenS", b"HTTP/1.1 400", b"RFB 002.008\n"],
)
def test_what_is_not_vnc_is_not_talked_to(greeting: bytes) -> None:
    with pytest.raises(NotVnc):
        rfb.negotiated_version(greeting)


@pytest.mark.parametrize(
    ("offered", "has_password", "way"),
    [
        ([1], True, Security.NONE),
        ([2], True, Security.PASSWORD),
        ([1, 2], True, Security.PASSWORD),
        ([2], False, None),
        ([1, 2], False, Security.NONE),
        ([19, 30, 5], True, None),
        ([], True, None),
    ],
)
def test_the_way_in(offered: list[int], has_password: bool, way: Security | None) -> None:
    assert rfb.choose_security(offered, has_password=has_password) is way


def test_the_answer_is_the_one_every_client_gives() -> None:
    """DES of FIPS 81's sample under mirrored keys: only eight characters count."""
    challenge = bytes(range(16))
    assert challenge_response(challenge, "password") == challenge_response(
        challenge, "password-and-more"
    )
    assert challenge_response(challenge, "short") != challenge_response(challenge, "shorter")
    assert challenge_response(challenge, "pässword") == challenge_response(challenge, "pässword")
    mirrored = bytes(int(f"{octet:08b}"[::-1], 2) for octet in bytes.fromhex("0123456789abcdef"))
    plain = b"Now is the time "
    assert challenge_response(plain, mirrored.decode("latin-1")).hex() == (
        "3fa40e8a984d48156a271787ab8883f9"
    )
    with pytest.raises(NotVnc):
        challenge_response(b"short", "password")
