"""Metrics of a program with several processes: kept in files that each of them adds to.

Import this before anything that makes a metric: `prometheus_client` looks once, when it is first
imported, whether `PROMETHEUS_MULTIPROC_DIR` names a folder.
"""

import atexit
import os
import shutil
import sys
import tempfile

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def _share() -> None:
    """Only a program that serves; its children know the folder from it, and it removes it."""
    if sys.argv[1:] not in ([], ["serve"]) or _FOLDER in os.environ:
        return
    folder, owner = tempfile.mkdtemp(prefix="mydocker-metrics-"), os.getpid()
    os.environ[_FOLDER] = folder

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


_share()
