"""Mounts of its own for a machine of the tests, as a machine has them: they end with its power.

Engines look for plugins in `/run/docker/plugins` of their own file system, so two machines with a
plugin of the same name need two of them.
"""

import subprocess
from pathlib import Path

from tests.support.waiting import eventually

_HOLD = 'mkdir -p "$0/plugins" /run/docker/plugins && mount --bind "$0/plugins" /run/docker/plugins'


class MountNamespace:
    """A mount namespace; a process in the machine's network keeps it while nothing else runs."""

    def __init__(self, network_namespace: str, folder: Path) -> None:
        held = folder / "mounts-held"
        held.unlink(missing_ok=True)
        script = f'{_HOLD} && touch "$0/mounts-held" && exec sleep infinity'
        enter = ["nsenter", f"--net=/run/netns/{network_namespace}"]
        self._holder = subprocess.Popen(
            [*enter, "unshare", "--mount", "sh", "-c", script, str(folder)],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        eventually(held.exists, f"{network_namespace} has mounts of its own", 60)

    def flags(self) -> list[str]:
        """For nsenter; the working folder stays, which a change of mounts would lose."""
        return [f"--mount=/proc/{self._holder.pid}/ns/mnt", f"--wdns={Path.cwd()}"]

    def end(self) -> None:
        """End it, once nothing else runs in it."""
        self._holder.kill()
        self._holder.wait()
