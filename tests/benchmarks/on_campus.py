"""What needs a whole campus, on one of its own: `python -m tests.benchmarks.on_campus`.

The memory of the idle control plane, then starts against the bare engine. Wants a network
namespace to itself (`make bench` gives it one).
"""

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks import memory
from tests.benchmarks.orchestration import start_to_ready
from tests.system.own_campus import own_campus


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    start_to_ready.add_arguments(parser)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="mydocker-bench-") as folder,
        own_campus(Path(folder) / "campus") as campus,
    ):
        memory.show(campus.instance)
        start_to_ready.compare(campus, asked.runs, asked.together)


if __name__ == "__main__":
    main()
