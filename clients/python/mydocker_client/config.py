"""Where the address and the token are kept: a file that only its owner reads, or variables."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from .errors import ClientError, SignedOut

ADDRESS, TOKEN, FOLDER = "MYDOCKER_ADDRESS", "MYDOCKER_TOKEN", "MYDOCKER_CONFIG"


@dataclass(frozen=True)
class Login:
    """One platform and a token for it."""

    address: str
    token: str


def file() -> Path:
    """`$MYDOCKER_CONFIG/login.json`, else below the person's configuration folder."""
    configured = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    folder = os.environ.get(FOLDER) or str(Path(configured, "mydocker"))
    return Path(folder, "login.json")


def load() -> Login:
    """The login of this command: variables come before the file."""
    address, token = os.environ.get(ADDRESS), os.environ.get(TOKEN)
    if address and token:
        return Login(address, token)
    try:
        stored = json.loads(file().read_text(encoding="utf-8"))
        return Login(address or stored["address"], token or stored["token"])
    except FileNotFoundError as error:
        raise SignedOut(f"Not signed in: mydocker login, or set {ADDRESS} and {TOKEN}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClientError(f"{file()} cannot be read: mydocker login writes it anew") from error


def save(login: Login) -> None:
    """Write the file with mode 0600, in a folder with mode 0700."""
    path = file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as stream:
        json.dump({"address": login.address, "token": login.token}, stream)
    fresh.replace(path)


def forget() -> bool:
    """Remove the file; whether there was one."""
    existed = file().exists()
    file().unlink(missing_ok=True)
    return existed
