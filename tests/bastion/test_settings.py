"""Renamed settings are read under their old names too, for one release."""

from pathlib import Path

import pytest

from mydocker_bastion.settings import Settings

RENAMED = {
    "SSH_UNKNOWN_CONNECTIONS": "ssh_unauthenticated_connections",
    "SSH_UNKNOWN_PER_ADDRESS": "ssh_unauthenticated_per_address",
    "SSH_GUESSES": "ssh_password_attempts",
    "SSH_GUESSES_PER_NAME": "ssh_password_attempts_per_name",
    "SSH_GUESSES_PER_ADDRESS": "ssh_password_attempts_per_address",
    "SSH_LOOK_SECONDS": "ssh_presence_seconds",
}


@pytest.fixture(autouse=True)
def required(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MYDOCKER_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("MYDOCKER_SSH_HOST_KEY", "key")
    monkeypatch.setenv("MYDOCKER_SERVICE_KEY", "key")
    monkeypatch.setenv("MYDOCKER_TRUSTED_SERVICE_KEYS", str(tmp_path))


@pytest.mark.parametrize(("old", "field"), RENAMED.items())
def test_a_renamed_setting_is_read_by_both_names(
    old: str, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"MYDOCKER_{old}", "7")
    assert getattr(Settings(), field) == 7
    monkeypatch.setenv(f"MYDOCKER_{field.upper()}", "8")
    assert getattr(Settings(), field) == 8, "the new name wins"
